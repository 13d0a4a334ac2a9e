// The protocol of the upload in chunks, without the browser, so that it can be tried against a server that fails.

/** Bytes of one chunk. */
export const CHUNK = 1024 * 1024;
/** Failures in a row, without a byte gained, after which a person is asked. */
export const PATIENCE = 8;
const LONGEST_PAUSE_MS = 30_000;

/** What is sent: a File, or anything that can be sliced. */
export interface Source { name: string; size: number; lastModified: number; slice(from: number, to: number): Blob }
export interface Answer { status: number; body: Record<string, unknown> }
export type Send = (method: string, url: string, body: Blob | string | null, type: string, progress?: (bytes: number) => void) => Promise<Answer>;
/** Where the state outlives a reload. */
export interface Memory { getItem(key: string): string | null; setItem(key: string, value: string): void; removeItem(key: string): void }
export interface Upload {
  send: Send;
  memory: Memory;
  /** Waits so many milliseconds; may return sooner when the network comes back. */
  sleep(ms: number): Promise<void>;
  progress(done: number, total: number): void;
  /** Called before each wait. */
  waiting(): void;
  root?: string;
  chunk?: number;
}

/** The server does not want this file; `message` is for people. */
export class Refused extends Error {
  constructor(readonly status: number, message: string) { super(message); }
}
/** The network did not come back; trying again goes on where it stopped. */
export class Paused extends Error {}
class Gone extends Error {}

/** A name for the file in the memory: a hash, since the name of a file may be the name of a child. */
export function fileKey(file: Source): string {
  const text = `${file.name}\0${file.size}\0${file.lastModified}`;
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return `bx-upload-${(b >>> 0).toString(16).padStart(8, '0')}${(a >>> 0).toString(16).padStart(8, '0')}`;
}

const passing = (status: number) => status === 0 || status === 408 || status === 425 || status === 429 || status >= 500;

function refusal(answer: Answer): Refused {
  const { detail, title, message } = answer.body;
  const text = [detail, message, title].find((part) => typeof part === 'string' && part !== '');
  return new Refused(answer.status, typeof text === 'string' ? text : '');
}

const place = (value: unknown, size: number): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= size ? value : null;

class Sender {
  private failures = 0;
  private furthest = -1;

  constructor(private readonly file: Source, private readonly with_: Upload) {}

  /** Asks until the answer is no passing failure. A chunk that arrived without its answer is sent again: 409 says where the server stands. */
  async ask(method: string, url: string, body: Blob | string | null, type: string, at: number): Promise<Answer> {
    for (;;) {
      if (at > this.furthest) { this.furthest = at; this.failures = 0; }
      const answer = await this.with_.send(method, url, body, type, (bytes) => this.with_.progress(at + bytes, this.file.size));
      if (!passing(answer.status)) return answer;
      this.failures += 1;
      if (this.failures >= PATIENCE) throw new Paused();
      this.with_.waiting();
      await this.with_.sleep(Math.min(LONGEST_PAUSE_MS, 500 * 2 ** (this.failures - 1)));
    }
  }
}

function remembered(file: Source, memory: Memory): { id: string; offset: number } | null {
  try {
    const value: unknown = JSON.parse(memory.getItem(fileKey(file)) ?? 'null');
    const { id, offset } = (value ?? {}) as Record<string, unknown>;
    const at = place(offset, file.size);
    return typeof id === 'string' && id !== '' && at !== null ? { id, offset: at } : null;
  } catch {
    return null;
  }
}

async function begin(sender: Sender, file: Source, upload: Upload, root: string): Promise<{ id: string; offset: number }> {
  const known = remembered(file, upload.memory);
  if (known) return known;
  const answer = await sender.ask('POST', root, JSON.stringify({ name: file.name, size: file.size }), 'application/json', -1);
  const { id, offset } = answer.body;
  if (answer.status >= 300 || (typeof id !== 'string' && typeof id !== 'number')) throw refusal(answer);
  return { id: String(id), offset: place(offset, file.size) ?? 0 };
}

async function chunks(sender: Sender, file: Source, upload: Upload, url: string, start: { id: string; offset: number }): Promise<void> {
  let offset = start.offset;
  let stuck = 0;
  while (offset < file.size) {
    upload.memory.setItem(fileKey(file), JSON.stringify({ id: start.id, offset }));
    upload.progress(offset, file.size);
    const end = Math.min(offset + (upload.chunk ?? CHUNK), file.size);
    const answer = await sender.ask('PUT', `${url}?offset=${offset}`, file.slice(offset, end), 'application/octet-stream', offset);
    if (answer.status === 404 || answer.status === 410) throw new Gone();
    if (answer.status >= 300 && answer.status !== 409) throw refusal(answer);
    const next = place(answer.body.offset, file.size) ?? (answer.status === 409 ? offset : end);
    // A server that names the same place again and again would keep us here for ever.
    stuck = next > offset ? 0 : stuck + 1;
    if (stuck > 2 * PATIENCE) throw new Paused();
    offset = next;
  }
  upload.progress(file.size, file.size);
}

async function attempt(file: Source, upload: Upload, fields: string): Promise<unknown> {
  const root = upload.root ?? '/imports/uploads';
  const sender = new Sender(file, upload);
  const start = await begin(sender, file, upload, root);
  const url = `${root}/${encodeURIComponent(start.id)}`;
  await chunks(sender, file, upload, url, start);
  const answer = await sender.ask('POST', `${url}/done`, fields, 'application/x-www-form-urlencoded', file.size);
  if (answer.status === 404 || answer.status === 410) throw new Gone();
  if (answer.status >= 300) {
    if (answer.status !== 401) upload.memory.removeItem(fileKey(file));
    throw refusal(answer);
  }
  upload.memory.removeItem(fileKey(file));
  return answer.body.location;
}

/**
 * Sends a file whole, however often the connection is cut.
 * @param fields the other fields of the form, urlencoded; they go along with the end
 * @returns the address that the server leads to
 * @throws Refused when the server does not want the file, Paused when the network stays away
 */
export async function sendFile(file: Source, upload: Upload, fields = ''): Promise<unknown> {
  try {
    return await attempt(file, upload, fields);
  } catch (error) {
    if (!(error instanceof Gone)) throw error;
    // The server no longer knows this upload: once more from the start.
    upload.memory.removeItem(fileKey(file));
    try {
      return await attempt(file, upload, fields);
    } catch (again) {
      throw again instanceof Gone ? new Refused(410, '') : again;
    }
  }
}
