import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Files that shrink when they are compressed. */
const shrinks = /\.(m?js|css|svg|html|txt)$/;
/** A file that loses less is sent as it is. */
const LEAST_BYTES = 256;

/**
 * Adds to the build each file that shrinks as .br and .gz too, as small as these can be: the server sends them as they
 * are (api/static.go). The page itself is left out: the server writes into it.
 */
export function compressed(): Plugin {
  return {
    name: 'luodi-compressed',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const [name, file] of Object.entries(bundle)) {
          if (!shrinks.test(name) || name === 'index.html') continue;
          const plain = Buffer.from(file.type === 'chunk' ? file.code : file.source);
          const params = {
            [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
            [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
          };
          const packed = { br: brotliCompressSync(plain, { params }), gz: gzipSync(plain, { level: 9 }) };
          for (const [ending, source] of Object.entries(packed))
            if (source.length + LEAST_BYTES < plain.length)
              this.emitFile({ type: 'asset', fileName: `${name}.${ending}`, source });
        }
      },
    },
  };
}
