// Scanning with the camera of a phone. The browser's own barcode reader is used where it has one; otherwise the reader in
// public/vendor is fetched (1 MB, once). A code counts when two pictures agree, and once until it leaves the picture.

const FORMATS = ['code_128', 'ean_13', 'ean_8', 'upc_a', 'code_39', 'itf', 'qr_code', 'data_matrix'];
const LOOK_EVERY_MS = 120;
const SAME_AGAIN_MS = 2500;

async function makeDetector() {
  if ('BarcodeDetector' in window) {
    const supported = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
    if (supported.includes('code_128') && supported.includes('ean_13')) {
      return new window.BarcodeDetector({ formats: FORMATS.filter((format) => supported.includes(format)) });
    }
  }
  const { BarcodeDetector, prepareZXingModule } = await import('../vendor/barcode-detector.mjs');
  prepareZXingModule({ overrides: { locateFile: (file) => new URL(`../vendor/${file}`, import.meta.url).href } });
  return new BarcodeDetector({ formats: FORMATS });
}

class Camera {
  constructor(element, button, onCode) {
    this.element = element;
    this.button = button;
    this.onCode = onCode;
    this.video = element.querySelector('video');
    this.seen = new Map();
    this.candidate = '';
  }

  async open() {
    this.stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
      audio: false,
    });
    this.video.srcObject = this.stream;
    await this.video.play();
    this.element.hidden = false;
    this.button.setAttribute('aria-pressed', 'true');
    this.setUpLight();
    this.detector = await makeDetector();
    void this.look();
  }

  close() {
    clearTimeout(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    this.video.srcObject = null;
    this.element.hidden = true;
    this.button.setAttribute('aria-pressed', 'false');
  }

  async look() {
    if (!this.stream) return;
    if (!this.element.isConnected) return this.close();
    const found = document.hidden ? [] : await this.detector.detect(this.video).catch(() => []);
    this.consider(found[0]?.rawValue.trim() ?? '');
    this.timer = setTimeout(() => void this.look(), LOOK_EVERY_MS);
  }

  consider(code) {
    const agreed = code !== '' && code === this.candidate;
    this.candidate = code;
    if (!agreed) return;
    const now = performance.now();
    const isNew = now - (this.seen.get(code) ?? -Infinity) > SAME_AGAIN_MS;
    this.seen.set(code, now);
    if (!isNew) return;
    navigator.vibrate?.(60);
    this.onCode(code);
  }

  setUpLight() {
    const light = this.element.querySelector('[data-light]');
    const track = this.stream.getVideoTracks()[0];
    if (!light || !track.getCapabilities?.().torch) return;
    light.hidden = false;
    light.onclick = async () => {
      const on = light.getAttribute('aria-pressed') !== 'true';
      await track.applyConstraints({ advanced: [{ torch: on }] });
      light.setAttribute('aria-pressed', String(on));
    };
  }
}

const cameras = new WeakMap();

/** Opens the camera in `element` (<camera-scan>), or closes it when it is open. */
export async function openCamera(element, button, onCode) {
  const open = cameras.get(element);
  if (open) {
    cameras.delete(element);
    open.close();
    return;
  }
  const camera = new Camera(element, button, onCode);
  cameras.set(element, camera);
  try {
    await camera.open();
  } catch {
    cameras.delete(element);
    camera.close();
    const last = element.closest('scan-field')?.querySelector('.last');
    if (last) last.textContent = element.dataset.denied;
  }
}
