export const HTMX_CONFIG: { timeout: number } & Record<string, unknown>;
