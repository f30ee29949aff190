// Right: one short high. Double: two short. Wrong: one long low. Made on the spot, so that no file has to load.

const STORAGE_KEY = 'scan.sound';
const TONES = {
  right: [{ at: 0, lastsMs: 90, hertz: 1760, wave: 'sine' }],
  double: [
    { at: 0, lastsMs: 70, hertz: 990, wave: 'sine' },
    { at: 0.13, lastsMs: 70, hertz: 990, wave: 'sine' },
  ],
  wrong: [{ at: 0, lastsMs: 450, hertz: 196, wave: 'square' }],
};

let context;

export function isSoundOn() {
  try {
    return localStorage.getItem(STORAGE_KEY) !== 'off';
  } catch {
    return true;
  }
}

export function setSound(on) {
  try {
    localStorage.setItem(STORAGE_KEY, on ? 'on' : 'off');
  } catch {
    // Remembered for this page only.
  }
}

function ready() {
  if (typeof AudioContext === 'undefined') return undefined;
  context ??= new AudioContext();
  // Browsers keep sound off until the first key or touch; a scan is one.
  if (context.state === 'suspended') void context.resume();
  return context;
}

export function playSound(outcome) {
  const audio = isSoundOn() ? ready() : undefined;
  if (!audio) return;
  for (const tone of TONES[outcome] ?? []) {
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    const start = audio.currentTime + tone.at;
    const end = start + tone.lastsMs / 1000;
    oscillator.type = tone.wave;
    oscillator.frequency.value = tone.hertz;
    gain.gain.setValueAtTime(tone.wave === 'square' ? 0.12 : 0.25, start);
    gain.gain.exponentialRampToValueAtTime(0.001, end);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(end);
  }
}
