import { spawnSync } from 'node:child_process';

const NEEDED = ['libvpx-vp9', 'libopus', 'libwebp'];

/** Runs ffmpeg on `input` and returns what it writes to its standard output. */
export function ffmpeg(args, input) {
  const run = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args], { input, maxBuffer: 2 ** 30 });
  if (run.error) throw new Error(`ffmpeg did not start (${run.error.code}); install it, with ${NEEDED.join(', ')}`);
  if (run.status !== 0) throw new Error(`ffmpeg ${args.join(' ')}\n${run.stderr}`);
  return run.stdout;
}

export function checkEncoders() {
  const known = ffmpeg(['-hide_banner', '-encoders']).toString();
  const missing = NEEDED.filter((name) => !new RegExp(` ${name} `).test(known));
  if (missing.length) throw new Error(`this ffmpeg lacks ${missing.join(', ')}; install one that has ${NEEDED.join(', ')}`);
}

export const raw = (width, height, fps) => ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', String(fps)];

/** Throws detail away and goes back to the same size, so that all outputs of an item have one shape. */
export function coarsen(width, height, keep) {
  if (keep === 1) return [];
  const w = Math.round((width * keep) / 2) * 2;
  const h = Math.round((height * keep) / 2) * 2;
  return ['-vf', `scale=${w}:${h}:flags=area,scale=${width}:${height}:flags=bicubic`];
}
