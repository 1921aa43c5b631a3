import './app/app.css';
import './kit/form.css';
import { mount } from 'svelte';
import { installPageFonts } from './map/fonts';
import App from './app/App.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
installPageFonts();

/** A firm's private link opens the firm's own page, and nothing of the park. */
const ofFirm = (): boolean => location.hash.startsWith('#firm=');
addEventListener('hashchange', () => {
  if (ofFirm()) location.reload();
});
if (ofFirm())
  void import('./agency/Firm.svelte').then(({ default: Firm }) => {
    mount(Firm, { target });
    // what a firm typed may have characters that nobody had in use at the build
    void import('./map/slices').catch(() => undefined);
  });
else mount(App, { target });
