// The server's side of an upload in chunks, as the real one keeps it, with a connection that is cut at given bytes.
// Bytes that came before a cut are kept; so is a chunk whose answer was lost.
import { randomUUID } from 'node:crypto';

/**
 * @param {{cuts?: number, token?: string}} options how often the connection is cut, and the token that writes must bring
 */
export function uploads({ cuts = 0, token } = {}) {
  const held = new Map();
  const log = { cut: 0, writes: 0, fields: '', refused: 0 };
  const json = (response, status, body) => { response.writeHead(status, { 'Content-Type': 'application/json' }); response.end(JSON.stringify(body)); };

  async function body(request) {
    const parts = [];
    for await (const part of request) parts.push(part);
    return Buffer.concat(parts);
  }

  function chunk(request, response, entry) {
    log.writes += 1;
    const cutting = log.cut < cuts && log.writes % 2 === 0;
    // Every second cut falls after the last byte: the chunk is there, its answer is not.
    const keep = !cutting ? Number.POSITIVE_INFINITY : log.cut % 2 === 0 ? 300_000 : Number.POSITIVE_INFINITY;
    let taken = 0;
    request.on('data', (part) => {
      const rest = part.subarray(0, Math.max(0, keep - taken));
      entry.parts.push(rest);
      entry.size += rest.length;
      taken += part.length;
      if (taken >= keep && !request.destroyed) { log.cut += 1; request.destroy(); }
    });
    request.on('end', () => {
      if (cutting) { log.cut += 1; request.socket.destroy(); } else json(response, 200, { offset: entry.size });
    });
  }

  async function handle(request, response) {
    const url = new URL(request.url, 'http://x');
    if (token && request.headers['x-csrf-token'] !== token) { log.refused += 1; return json(response, 403, {}); }
    if (request.method === 'POST' && url.pathname === '/imports/uploads') {
      const { name, size } = JSON.parse((await body(request)).toString());
      const id = randomUUID();
      held.set(id, { name, expected: size, parts: [], size: 0 });
      return json(response, 201, { id, offset: 0 });
    }
    const [, id, done] = url.pathname.match(/^\/imports\/uploads\/([^/]+)(\/done)?$/) ?? [];
    const entry = held.get(id);
    if (!entry) return json(response, 404, {});
    if (done) {
      log.fields = (await body(request)).toString();
      if (entry.size !== entry.expected) return json(response, 409, { detail: 'not whole' });
      return json(response, 200, { location: '/imports/i_1/detect' });
    }
    if (Number(url.searchParams.get('offset')) !== entry.size) { request.resume(); return json(response, 409, { offset: entry.size }); }
    return chunk(request, response, entry);
  }
  return { handle, held, log, content: () => Buffer.concat([...held.values()].pop().parts) };
}
