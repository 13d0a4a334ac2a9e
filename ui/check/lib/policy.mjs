// The content security policy that every page must send.

const NEEDED = {
  'default-src': ["'self'"],
  'img-src': ["'self'", 'blob:', 'data:'],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
  'form-action': ["'self'"],
};
const HARMLESS = new Set(["'self'", "'none'", 'blob:', 'data:']);

/**
 * @param {string | undefined} header the header as it came
 * @returns {string[]} what is missing or weaker than it must be
 */
export function policyFindings(header) {
  if (!header) return ['no Content-Security-Policy'];
  const rules = Object.fromEntries(header.split(';').map((part) => part.trim().split(/\s+/)).filter((part) => part[0]).map(([name, ...values]) => [name, values]));
  const findings = [];
  for (const [name, allowed] of Object.entries(NEEDED)) {
    if (!rules[name]) findings.push(`policy: ${name} is missing`);
    else for (const value of rules[name]) if (!allowed.includes(value) && value !== "'none'") findings.push(`policy: ${name} allows ${value}`);
  }
  for (const [name, values] of Object.entries(rules)) {
    if (NEEDED[name]) continue;
    for (const value of values) if (/-src/.test(name) && !HARMLESS.has(value)) findings.push(`policy: ${name} allows ${value}`);
    if (/^(script|style)-src/.test(name) && values.includes('data:')) findings.push(`policy: ${name} allows data:`);
  }
  return findings;
}
