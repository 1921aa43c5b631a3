import type { Plugin } from 'vite';

/** The map's code. */
const mapFile = /^assets\/parkmap-[\w-]{8}\.js$/;

/** The page's own start, which the page names itself. */
const startFile = /^assets\/index-/;

/** Has the browser ask for the map's code and what it imports together with the page's, before the page's own runs. */
export function preloadMap(): Plugin {
  return {
    name: 'luodi-preload-map',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {} }) {
        return Object.values(bundle)
          .flatMap((file) =>
            file.type === 'chunk' && mapFile.test(file.fileName) ? [file.fileName, ...file.imports] : [],
          )
          .filter((name) => !startFile.test(name))
          .map((name) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/${name}` },
            injectTo: 'head' as const,
          }));
      },
    },
  };
}
