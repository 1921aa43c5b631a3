declare module 'fontverter' {
  /** Writes a font in another format. Rejects what is no font. */
  export function convert(font: Uint8Array, format: 'sfnt' | 'woff' | 'woff2'): Promise<Uint8Array>;
}
