// The six digits of a second factor (RFC 6238: SHA-1, 30 seconds), for signing in as a test account.
import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(text) {
  const bits = [...text.toUpperCase().replace(/[\s=-]/g, '')].map((letter) => {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) throw new Error('the secret is not base32');
    return value.toString(2).padStart(5, '0');
  }).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/**
 * @param {string} secret base32
 * @param {number} at milliseconds since 1970
 * @param {number} digits how many
 */
export function totp(secret, at = Date.now(), digits = 6) {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', base32(secret)).update(step).digest();
  const offset = mac[mac.length - 1] & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0');
}
