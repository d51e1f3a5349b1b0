import { startEmulator } from '../../emulators/lago.js';
import { apiKey } from './api-key.js';

/** Lago's emulator without rate limits, in a process of its own; sends its port to the parent. */
const emulator = await startEmulator({ rateLimits: false, apiKey });
process.send?.({ port: Number(new URL(emulator.url).port) });
// What it was asked is of no interest here, and a run asks a hundred thousand times.
const forgetting = setInterval(() => {
  emulator.requests.length = 0;
}, 1000);
process.on('disconnect', () => {
  clearInterval(forgetting);
  process.exit();
});
