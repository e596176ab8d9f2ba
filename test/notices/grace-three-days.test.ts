import { playGrace } from './play-grace';

playGrace(72);
