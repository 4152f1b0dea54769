import { items } from './items.mjs';
import { kinds } from './kinds.mjs';
import { models } from './models.mjs';

const byId = [...models].sort((a, b) => (a.id < b.id ? -1 : 1));

/** The study file. */
export const study = {
  version: 1,
  id: 'demo',
  title: 'What compression costs',
  description:
    'Pictures, clips, music and meshes, each at five levels of quality. The true order is known, so the leaderboard can be checked at the end.',
  k: 4,
  protocol: 'rank',
  criteria: [{ id: 'overall', question: 'Which looks or sounds best? Rank from best to worst.' }],
  trials: 12,
  reveal: 'at-end',
  seed: 1,
  models: byId.map(({ id, name }) => ({ id, name })),
  items: items.map(({ id, kind, prompt }) => ({
    id,
    prompt,
    outputs: Object.fromEntries(byId.map((model) => [model.id, media(id, kind, model)])),
  })),
};

function media(id, kind, model) {
  const src = `media/${id}/${model.id}.${kinds[kind].ext}`;
  // The ending .webm alone would be taken for a video.
  return kind === 'audio' ? { src, kind } : src;
}
