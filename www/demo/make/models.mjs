/**
 * The five models, best first. Ids say nothing about the order, neither by meaning nor by the alphabet.
 * `image`: WebP quality. `video`: VP9 quality and the share of the width that is kept.
 * `audio`: Opus bit rate and the highest frequency kept. `scene`: the share of the triangles that is kept.
 */
export const models = [
  { id: 'linen', name: 'Level 1 (best)', image: { quality: 84, keep: 1 }, video: { crf: 36, keep: 1 }, audio: { rate: 96, cutoff: 20000 }, scene: 1 },
  { id: 'cobalt', name: 'Level 2', image: { quality: 12, keep: 1 }, video: { crf: 55, keep: 1 }, audio: { rate: 28, cutoff: 12000 }, scene: 0.12 },
  { id: 'sage', name: 'Level 3', image: { quality: 8, keep: 0.45 }, video: { crf: 58, keep: 0.45 }, audio: { rate: 16, cutoff: 8000 }, scene: 0.04 },
  { id: 'amber', name: 'Level 4', image: { quality: 5, keep: 0.27 }, video: { crf: 60, keep: 0.27 }, audio: { rate: 10, cutoff: 6000 }, scene: 0.015 },
  { id: 'coral', name: 'Level 5 (worst)', image: { quality: 0, keep: 0.16 }, video: { crf: 63, keep: 0.15 }, audio: { rate: 6, cutoff: 4000 }, scene: 0.006 },
];
