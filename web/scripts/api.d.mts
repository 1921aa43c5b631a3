export const known: Record<string, string>;
export function apiTypes(document?: unknown): Promise<string>;
