import 'maplibre-gl/dist/maplibre-gl.css';
import './app.css';
import './form.css';
import { mount } from 'svelte';
import { installPageFonts } from './map/fonts';
import App from './ui/App.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
installPageFonts();
mount(App, { target });
