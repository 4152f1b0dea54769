import { readFileSync, writeFileSync } from 'node:fs';
import { coarsen, ffmpeg, raw } from './ffmpeg.mjs';
import { psnr, spectralDistance, surfaceDistance } from './measure.mjs';
import { glb } from './scene/glb.mjs';
import { simplify } from './scene/simplify.mjs';

const IMAGE = [640, 480];
const VIDEO = [480, 270];
const FPS = 24;
const FRAMES = 84;
// Without these, the same input gives different bytes on another machine or another day.
const SAME = ['-bitexact', '-fflags', '+bitexact', '-map_metadata', '-1', '-threads', '1'];

/**
 * For each kind: the file name's ending, `render` for what is to be degraded, and `encode`, which writes the
 * file of one model and returns how far it is from the original.
 */
export const kinds = {
  image: {
    ext: 'webp',
    unit: 'PSNR dB',
    render: (item) => item.make(),
    encode(picture, model, path) {
      const [w, h] = IMAGE;
      const { quality, keep } = model.image;
      ffmpeg([...raw(w, h, 1), '-i', '-', ...coarsen(w, h, keep), '-c:v', 'libwebp', '-quality', quality, '-compression_level', '6', ...SAME, path].map(String), picture);
      return psnr(picture, pixels(path));
    },
  },
  video: {
    ext: 'webm',
    unit: 'PSNR dB',
    render(item) {
      const [w, h] = VIDEO;
      const draw = item.make(w, h);
      const all = Buffer.alloc(w * h * 3 * FRAMES);
      for (let n = 0; n < FRAMES; n++) draw(all.subarray(n * w * h * 3, (n + 1) * w * h * 3), n);
      return all;
    },
    encode(clip, model, path) {
      const [w, h] = VIDEO;
      const { crf, keep } = model.video;
      const vp9 = ['-c:v', 'libvpx-vp9', '-b:v', 0, '-crf', crf, '-pix_fmt', 'yuv420p', '-g', 120, '-deadline', 'good', '-cpu-used', 3, '-row-mt', 0];
      ffmpeg([...raw(w, h, FPS), '-i', '-', ...coarsen(w, h, keep), ...vp9, ...SAME, path].map(String), clip);
      return psnr(clip, pixels(path));
    },
  },
  audio: {
    ext: 'webm',
    unit: 'spectral distance dB',
    render: (item) => item.make(),
    encode(sound, model, path) {
      const { rate, cutoff } = model.audio;
      const opus = ['-c:a', 'libopus', '-b:a', `${rate}k`, '-cutoff', cutoff, '-application', 'audio', '-ac', rate < 28 ? 1 : 2];
      ffmpeg(['-f', 's16le', '-ar', 48000, '-ac', 2, '-i', '-', ...opus, ...SAME, path].map(String), sound);
      return spectralDistance(sound, ffmpeg(['-i', path, '-f', 's16le', '-ar', '48000', '-ac', '2', '-']));
    },
  },
  scene: {
    ext: 'glb',
    unit: 'surface distance, thousandths',
    render: (item) => item.make(),
    async encode(mesh, model, path, item) {
      const coarse = await simplify(mesh, model.scene);
      writeFileSync(path, glb(coarse, item.material));
      return model.scene === 1 ? 0 : surfaceDistance(mesh, coarse);
    },
  },
};

const pixels = (path) => ffmpeg(['-i', '-', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], readFileSync(path));
