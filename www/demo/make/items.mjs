import * as alpineLake from './image/alpine-lake.mjs';
import * as blueHour from './image/blue-hour.mjs';
import * as dahlia from './image/dahlia.mjs';
import * as stillLife from './image/still-life.mjs';
import * as confetti from './video/confetti.mjs';
import * as ink from './video/ink.mjs';
import * as koi from './video/koi.mjs';
import * as ocean from './video/ocean.mjs';
import * as dawn from './audio/dawn.mjs';
import * as musicBox from './audio/music-box.mjs';
import * as nightDrive from './audio/night-drive.mjs';
import * as nylon from './audio/nylon.mjs';
import * as island from './scene/island.mjs';
import * as knot from './scene/knot.mjs';
import * as planet from './scene/planet.mjs';
import * as vase from './scene/vase.mjs';

const item = (id, kind, make, { prompt, material }) => ({ id, kind, make, prompt, material });

/** In the order of the study: one of each kind in turn. */
export const items = [
  item('alpine-lake', 'image', alpineLake.alpineLake, alpineLake),
  item('koi', 'video', koi.koi, koi),
  item('nylon', 'audio', nylon.nylon, nylon),
  item('island', 'scene', island.island, island),
  item('dahlia', 'image', dahlia.dahlia, dahlia),
  item('ocean', 'video', ocean.ocean, ocean),
  item('music-box', 'audio', musicBox.musicBox, musicBox),
  item('vase', 'scene', vase.vase, vase),
  item('blue-hour', 'image', blueHour.blueHour, blueHour),
  item('confetti', 'video', confetti.confetti, confetti),
  item('night-drive', 'audio', nightDrive.nightDrive, nightDrive),
  item('knot', 'scene', knot.knot, knot),
  item('still-life', 'image', stillLife.stillLife, stillLife),
  item('ink', 'video', ink.ink, ink),
  item('dawn', 'audio', dawn.dawn, dawn),
  item('planet', 'scene', planet.planet, planet),
];
