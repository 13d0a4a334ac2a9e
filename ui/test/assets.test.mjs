// The checks of what is built: they hold for what we ship and fail on planted faults; the build repeats itself.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { sprite } from '../build/sprite.mjs';
import { themes } from '../build/themes.mjs';
import { budget } from '../check/lib/budget.mjs';
import { cssFloor, jsFloor } from '../check/lib/floor.mjs';
import { ratio, tokenContrast } from '../check/lib/tokens.mjs';
import { totp } from '../check/lib/totp.mjs';
import { load } from './lib/load.mjs';
import { UI, run, scratch } from './lib/run.mjs';

const read = (name) => readFileSync(join(UI, name), 'utf8');

test('two builds are the same, byte for byte, and the same as dist', () => scratch(async (folder) => {
  const out = join(folder, 'dist');
  const built = await run('build.mjs', out);
  assert.equal(built.code, 0, built.out);
  const names = readdirSync(out);
  assert.deepEqual(names, readdirSync(join(UI, 'dist')));
  for (const name of names) assert.ok(readFileSync(join(out, name)).equals(readFileSync(join(UI, 'dist', name))), name);
  assert.ok(!names.some((name) => name.endsWith('.map')));
}));

test('the lock file names no registry', () => {
  assert.doesNotMatch(read('package-lock.json'), /"resolved"/);
});

test('the floor names what old engines do not know', () => {
  for (const css of ['a:has(b){}', '@layer x{}', '.a{inset:0}', '.a{color:color-mix(in srgb,red,blue)}', '.a{&:hover{}}', '.a{height:100dvh}', '.a:is(b){}', '.a{aspect-ratio:1}']) {
    assert.equal(cssFloor(css).length, 1, css);
  }
  assert.deepEqual(cssFloor('.a{box-shadow:inset 0 0 1px;transform:scale(2)}/* :has( */'), []);
  assert.equal(jsFloor('structuredClone(x)').length, 1);
});

test('the budget names what is too heavy, unpacked or a source map', () => scratch((folder) => {
  const dist = join(folder, 'dist');
  cpSync(join(UI, 'dist'), dist, { recursive: true });
  assert.deepEqual(budget(dist).findings, []);
  const { 'app.js': script, 'app.css': style } = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'));
  writeFileSync(join(dist, `${script}.gz`), Buffer.alloc(140_000));
  writeFileSync(join(dist, `${script}.map`), '{}');
  rmSync(join(dist, `${style}.br`));
  const { findings } = budget(dist);
  for (const pattern of [/app\.js: 140000 bytes/, /a page: \d+ bytes/, /a page with a chart/, /\.br is missing/, /source maps/]) {
    assert.ok(findings.some((finding) => pattern.test(finding)), `${pattern}\n${findings.join('\n')}`);
  }
}));

test('contrast of tokens: ours hold, a pale one and a missing one are named', () => {
  const css = read('bx.css') + read('web.css');
  assert.equal(ratio('#000', '#ffffff').toFixed(0), '21');
  assert.deepEqual(tokenContrast(css), []);
  assert.match(tokenContrast(css.replace('--bx-ink-3:#586677', '--bx-ink-3:#a0a8b0')).join(), /light: --bx-ink-3 on --bx-bg is 2/);
  assert.match(tokenContrast(css.replace('--wf-for:#4f9be6', '--wf-for:#1a2a3a')).join(), /dark: --wf-for/);
  assert.match(tokenContrast(css.replace('--out:#a51d17', '--gone:#a51d17')).join(), /--out is missing/);
});

test('dark rules are for the screen, and for people who follow their system', () => {
  assert.equal(
    themes('.a{x:1}[data-theme=dark] .a{x:2}.b{x:3}'),
    '.a{x:1}@media screen{[data-theme=dark] .a{x:2}}@media screen and (prefers-color-scheme:dark){[data-theme=auto] .a{x:2}}.b{x:3}',
  );
});

test('the sprite has each icon once and refuses a name without an icon', () => {
  const folder = join(UI, 'node_modules/@tabler/icons/icons/outline');
  assert.match(sprite(['x', 'check'], folder), /<symbol id="x" .*<symbol id="check"/);
  assert.throws(() => sprite(['no-such-icon'], folder));
  assert.throws(() => sprite(['x', 'x'], folder), /twice/);
});

test('the second factor follows RFC 6238', () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  assert.equal(totp(secret, 59_000, 8), '94287082');
  assert.equal(totp(secret, 1_111_111_109_000, 8), '07081804');
  assert.equal(totp(secret, 20_000_000_000_000, 8), '65353130');
});

test('the waterfall begins at nothing, each bar where the last ended, and ends with the sum', async () => {
  const { bars, waterfall } = await load('src/waterfall.ts');
  const data = { steps: [{ label: 'prior', value: -10.2 }, { label: 'name', value: 6.1 }, { label: 'guardian', value: 5.2 }], sum: 'sum' };
  const drawn = bars(data).map(({ low, high }) => [low, high].map((value) => Number(value.toFixed(1))));
  assert.deepEqual(drawn, [[-10.2, 0], [-10.2, -4.1], [-4.1, 1.1], [0, 1.1]]);
  const { xAxis, series } = waterfall(data, 378, (name) => name);
  assert.equal(xAxis.axisLabel.formatter(0), '-12');
  assert.equal(xAxis.axisLabel.formatter(series[1].markLine.data[0].xAxis), '0');
});

test('a trend has at most two plots of two lines, told apart without colour', async () => {
  const { trend, roundTop } = await load('src/trend.ts');
  assert.deepEqual([0, 3, 14, 61, 1000].map(roundTop), [4, 4, 20, 80, 1000]);
  const line = { name: 'a', values: [1, null, 14], color: 'out' };
  const plot = { title: 't', unit: '人', series: [line, line, line] };
  const { series, grid } = trend({ x: ['1', '2', '3'], plots: [plot, plot, plot] }, 900, () => '#000');
  assert.equal(grid.length, 2);
  assert.equal(series.length, 4);
  assert.notEqual(series[0].lineStyle.type, series[1].lineStyle.type);
  assert.notEqual(series[0].symbol, series[1].symbol);
});
