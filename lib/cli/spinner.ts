import type { Progress } from './terminal';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const EVERY = 80;

const CLEAR_LINE = '\r\x1b[2K';
const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';

/** The part of a terminal that a spinner needs. */
interface Screen {
  readonly columns?: number;
  write(text: string): unknown;
}

/** Turns on one line until the work ends. Packages for this end the process on Ctrl-C, but here Ctrl-C must first say where things stand. */
export function spin(first: string, screen: Screen, paint: { good: Paint; warn: Paint }): Progress {
  let text = first;
  let frame = 0;
  const draw = () => {
    const line = `${FRAMES[frame++ % FRAMES.length]} ${text} ...`;
    screen.write(`${CLEAR_LINE}${line.slice(0, (screen.columns || 80) - 1)}`);
  };
  const turning = setInterval(draw, EVERY);
  screen.write(HIDE_CURSOR);
  draw();
  let over = false;
  const end = (line: string) => {
    if (over) return;
    over = true;
    clearInterval(turning);
    screen.write(`${CLEAR_LINE}${line}${SHOW_CURSOR}`);
  };
  return {
    show: (next) => {
      text = next;
    },
    done: (what) => end(`${paint.good('✔')} ${what}\n`),
    failed: (what) => end(`${paint.warn('⚠')} ${what}\n`),
    stop: () => end(''),
  };
}

type Paint = (text: string) => string;
