// A TypeScript module of ours, for Node.
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { UI } from './run.mjs';

export async function load(file) {
  const { outputFiles } = await esbuild.build({ entryPoints: [join(UI, file)], bundle: true, write: false, format: 'esm', target: 'node20' });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
