/** One feature's part of the page's address. */
export interface LinkPart<T> {
  /** Reads its parameters. A parameter that can't be read counts as absent: an old or mistyped link still opens. */
  read(query: URLSearchParams): T;
  /** Writes its parameters, as few as restore the same value. */
  write(query: URLSearchParams, value: T): void;
}

/** The query as a text, "" or beginning with "?"; separators that a query may hold stay legible. */
export function textOf(query: URLSearchParams): string {
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':');
  return text && `?${text}`;
}
