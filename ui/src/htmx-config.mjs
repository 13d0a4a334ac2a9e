// How htmx behaves. The same text goes into <meta name="htmx-config"> (manifest.json, "htmx-config"), so that it holds
// from htmx's first step.
export const HTMX_CONFIG = {
  // Children's data must not stay in the browser's storage: no history cache, a miss asks the server for the page.
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  historyRestoreAsHxRequest: false,
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  includeIndicatorStyles: false,
  timeout: 15000,
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '422', swap: true },
    { code: '409', swap: true },
    { code: '[45]..', swap: false, error: true },
  ],
};
