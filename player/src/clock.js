// Does something again and again while one plays; what it takes counts towards the pause.

export class Clock {
  constructor() {
    this.timer = 0;
    this.runs = false;
  }

  /** @param {() => void} act @param {() => number} pause ms from one beginning to the next */
  start(act, pause) {
    this.stop();
    this.runs = true;
    const tick = () => {
      const begun = performance.now();
      act();
      if (this.runs) this.timer = setTimeout(tick, Math.max(0, pause() - (performance.now() - begun)));
    };
    tick();
  }

  stop() {
    this.runs = false;
    clearTimeout(this.timer);
  }
}
