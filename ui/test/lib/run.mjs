// Runs a check as people run it.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const UI = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** @returns {Promise<{code: number, out: string}>} exit code, and everything it printed */
export function run(script, ...args) {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(UI, script), ...args], { cwd: UI, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? 1) : 0, out: stdout + stderr });
    });
  });
}

/** A folder that is gone after `use`. */
export async function scratch(use) {
  const folder = mkdtempSync(join(tmpdir(), 'baoxue-ui-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function write(folder, name, value) {
  const file = join(folder, name);
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}
