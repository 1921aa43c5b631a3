import './app/app.css';
import './kit/form.css';
import { mount } from 'svelte';
import { installPageFonts } from './map/fonts';
import App from './app/App.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
installPageFonts();
mount(App, { target });
