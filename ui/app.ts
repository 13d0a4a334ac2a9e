// What every page has beside plain HTML. All of it can be missing: each page works without scripts.
import { startForms } from './src/forms.ts';
import { startKeys } from './src/keys.ts';
import { startLayers } from './src/layers.ts';
import { startNet } from './src/net.ts';
import { startProgress } from './src/progress.ts';
import { startSession } from './src/session.ts';
import { startToasts } from './src/toast.ts';
import { startUpload } from './src/upload.ts';

function start(): void {
  document.documentElement.classList.add('js');
  startLayers();
  startKeys();
  startUpload();
  startForms();
  startToasts();
  startSession();
  startProgress(document);
  document.addEventListener('htmx:load', (event) => {
    if (event.target instanceof HTMLElement) startProgress(event.target);
  });
}

startNet();
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
else start();
