import { solve, type Challenge } from '../core/proof';

// The page stays quick while the work is done.
onmessage = ({ data }: MessageEvent<Challenge>): void => postMessage(solve(data));
