import type { Plugin } from 'vite';

/** The files of the type that the first view shows. */
const firstFont = /^assets\/[a-z]+-\d+-first-[\w-]{8}\.woff2$/;

/** Has the browser ask for the first view's type together with the page's code. */
export function preloadFonts(): Plugin {
  return {
    name: 'luodi-preload-fonts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {} }) {
        return Object.keys(bundle)
          .filter((name) => firstFont.test(name))
          .map((name) => ({
            tag: 'link',
            attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `/${name}` },
            injectTo: 'head' as const,
          }));
      },
    },
  };
}
