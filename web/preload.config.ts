import type { Plugin } from 'vite';

/** The map's code. */
const mapFile = /^assets\/parkmap-[\w-]{8}\.js$/;

/** Has the browser ask for the map's code together with the page's, before the page's own runs. */
export function preloadMap(): Plugin {
  return {
    name: 'luodi-preload-map',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {} }) {
        return Object.keys(bundle)
          .filter((name) => mapFile.test(name))
          .map((name) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `/${name}` },
            injectTo: 'head' as const,
          }));
      },
    },
  };
}
