// A file arrives whole, however often the line is cut.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, request as httpRequest } from 'node:http';
import test from 'node:test';
import { load } from './lib/load.mjs';
import { uploads } from './lib/uploads.mjs';

const { sendFile, fileKey, Paused, Refused } = await load('src/upload-core.ts');
const MB = 1024 * 1024;

/** A File as far as the sender needs it. */
function file(bytes, name = '王小明家.xlsx') {
  return { name, size: bytes.length, lastModified: 7, slice: (from, to) => bytes.subarray(from, to) };
}

function memory() {
  const kept = new Map();
  return { kept, getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
}

function over(port, seen = []) {
  return (method, url, body, type) => new Promise((resolve) => {
    seen.push(`${method} ${url}`);
    const request = httpRequest({ port, host: '127.0.0.1', method, path: url, headers: { 'Content-Type': type } }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => {
        let parsed = {};
        try { parsed = JSON.parse(Buffer.concat(parts).toString()); } catch { /* no body */ }
        resolve({ status: response.statusCode, body: parsed });
      });
      response.on('error', () => resolve({ status: 0, body: {} }));
    });
    request.on('error', () => resolve({ status: 0, body: {} }));
    request.end(body);
  });
}

async function serve(handler, use) {
  const server = createServer((request, response) => { handler(request, response).catch(() => response.destroy()); });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(server.address().port);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const quiet = { sleep: async () => undefined, progress: () => undefined, waiting: () => undefined };

test('30 MB over a line that is cut ten times arrive whole and identical', async () => {
  const bytes = randomBytes(30 * MB + 123);
  const server = uploads({ cuts: 10 });
  const kept = memory();
  const waits = [];
  let most = 0;
  const location = await serve(server.handle, (port) => sendFile(file(bytes), {
    ...quiet, send: over(port), memory: kept, waiting: () => waits.push(1), progress: (done, total) => { assert.ok(done <= total); most = Math.max(most, done); },
  }, 'source=schools'));
  assert.equal(server.log.cut, 10);
  assert.ok(waits.length >= 10);
  assert.ok(server.content().equals(bytes));
  assert.equal(most, bytes.length);
  assert.equal(server.log.fields, 'source=schools');
  assert.equal(location, '/imports/i_1/detect');
  assert.equal(kept.kept.size, 0);
});

test('after a reload the same file goes on where it stopped, and the memory holds no name', async () => {
  const bytes = randomBytes(5 * MB);
  const server = uploads();
  const kept = memory();
  await serve(server.handle, async (port) => {
    let writes = 0;
    const real = over(port);
    const dying = (method, ...rest) => (method === 'PUT' && ++writes > 3 ? Promise.resolve({ status: 0, body: {} }) : real(method, ...rest));
    await assert.rejects(sendFile(file(bytes), { ...quiet, send: dying, memory: kept }), Paused);
    assert.equal(kept.kept.size, 1);
    assert.doesNotMatch(JSON.stringify([...kept.kept]), /王|xlsx/);
    const seen = [];
    await sendFile(file(bytes), { ...quiet, send: over(port, seen), memory: kept });
    assert.match(seen[0], new RegExp(`^PUT .*offset=${3 * MB}$`));
  });
  assert.ok(server.content().equals(bytes));
});

test('an upload that the server has forgotten starts again; one that it refuses says why', async () => {
  const bytes = randomBytes(MB + 5);
  const server = uploads();
  const kept = memory();
  kept.setItem(fileKey(file(bytes)), JSON.stringify({ id: 'gone', offset: MB }));
  await serve(server.handle, (port) => sendFile(file(bytes), { ...quiet, send: over(port), memory: kept }));
  assert.ok(server.content().equals(bytes));
  const send = async () => ({ status: 413, body: { detail: 'at most 200 MB' } });
  await assert.rejects(sendFile(file(bytes), { ...quiet, send, memory: memory() }), (error) => error instanceof Refused && error.status === 413 && error.message === 'at most 200 MB');
});

test('a server that names the same place for ever does not hold us, nor does nonsense in the memory', async () => {
  const send = async (method) => (method === 'POST' ? { status: 201, body: { id: 'x', offset: 0 } } : { status: 409, body: { offset: 0 } });
  const kept = memory();
  kept.setItem(fileKey(file(Buffer.alloc(9))), '{"id":7,"offset":"z"');
  await assert.rejects(sendFile(file(Buffer.alloc(9)), { ...quiet, send, memory: kept }), Paused);
});

test('an empty file is ended at once', async () => {
  const server = uploads();
  assert.equal(await serve(server.handle, (port) => sendFile(file(Buffer.alloc(0)), { ...quiet, send: over(port), memory: memory() })), '/imports/i_1/detect');
});
