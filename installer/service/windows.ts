import { type PlanStep, run, type ServiceKind, type ServiceSettings, type ServiceState } from './plan';
import { DISPLAY_NAME, hostFiles, WINDOWS_SERVICE, windowsArgument, windowsHostSource } from './windows-host';

/** An account of the service's own, without password, made by Windows; it has the rights that are granted below and no more. */
const ACCOUNT = `NT SERVICE\\${WINDOWS_SERVICE}`;
const ADMINISTRATORS = '*S-1-5-32-544';
const SYSTEM = '*S-1-5-18';
/** ERROR_SERVICE_DOES_NOT_EXIST and ERROR_SERVICE_NOT_ACTIVE. */
const NOT_THERE = 1060;
const NOT_ACTIVE = 1062;

/** Part of Windows 10, 11 and Server 2016 and later. */
export const windowsCompiler = (windows: string): string =>
  `${windows}\\Microsoft.NET\\Framework64\\v4.0.30319\\csc.exe`;

const sc = (args: readonly string[], expected: readonly number[] = []): PlanStep => run('sc.exe', args, { expected });

/** A Windows service: installed by sc.exe, answered for by the host of windows-host.ts. `windows` is %SystemRoot%. */
export function windowsService(windows: string): ServiceKind {
  return {
    id: 'windows',
    name: WINDOWS_SERVICE,
    install: (settings) => {
      const { folder, source, host } = hostFiles(settings);
      return [
        run('cmd.exe', ['/d', '/c', 'if', 'not', 'exist', folder, 'mkdir', folder]),
        // An installation again: the host cannot be replaced while it runs.
        sc(['stop', WINDOWS_SERVICE], [NOT_THERE, NOT_ACTIVE]),
        waitUntilStopped(),
        sc(['delete', WINDOWS_SERVICE], [NOT_THERE]),
        { kind: 'write', file: source, content: windowsHostSource(settings) },
        run(windowsCompiler(windows), [
          '/nologo',
          '/target:winexe',
          '/optimize+',
          '/reference:System.ServiceProcess.dll',
          `/out:${host}`,
          source,
        ]),
        sc([
          'create',
          WINDOWS_SERVICE,
          'binPath=',
          `"${host}"`,
          'start=',
          'delayed-auto',
          'obj=',
          ACCOUNT,
          'DisplayName=',
          DISPLAY_NAME,
        ]),
        sc(['description', WINDOWS_SERVICE, 'Sales, stock and books of the shop']),
        sc(['failure', WINDOWS_SERVICE, 'reset=', '86400', 'actions=', 'restart/2000/restart/10000/restart/60000']),
        ...rights(settings, ACCOUNT),
        sc(['start', WINDOWS_SERVICE]),
      ];
    },
    remove: (settings) => [
      sc(['stop', WINDOWS_SERVICE], [NOT_THERE, NOT_ACTIVE]),
      waitUntilStopped(),
      sc(['delete', WINDOWS_SERVICE], [NOT_THERE]),
      { kind: 'remove', path: hostFiles(settings).folder },
    ],
    start: () => [sc(['start', WINDOWS_SERVICE])],
    stop: () => [sc(['stop', WINDOWS_SERVICE], [NOT_ACTIVE]), waitUntilStopped()],
    status: ['sc.exe', 'queryex', WINDOWS_SERVICE],
    readStatus: readServiceStatus,
    definition: ['sc.exe', 'qc', WINDOWS_SERVICE],
    isOurs: (definition, settings) => definition.toLowerCase().includes(hostFiles(settings).host.toLowerCase()),
  };
}

/** "sc stop" only asks; the service ends by and by. */
const waitUntilStopped = (): PlanStep =>
  run('powershell.exe', [
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    `$s = Get-Service ${WINDOWS_SERVICE} -ErrorAction SilentlyContinue; if ($s) { $s.WaitForStatus('Stopped', '00:00:45') }`,
  ]);

/** Data for the service and administrators only; the program and its secrets for reading. */
function rights(settings: ServiceSettings, account: string): PlanStep[] {
  const { dataDir, logDir, writableFolders, backupFolders = [], secretFiles, program } = settings;
  const folders = [...new Set([dataDir, logDir, ...writableFolders])];
  const secrets = secretFiles.filter((file) => !folders.some((folder) => isBelow(file, folder)));
  const rest = [`${ADMINISTRATORS}:(OI)(CI)F`, `${SYSTEM}:(OI)(CI)F`];
  return [
    ...folders
      .filter((folder) => !folders.some((above) => above !== folder && isBelow(folder, above)))
      .map((folder) => run('icacls.exe', [folder, '/inheritance:r', '/grant:r', `${account}:(OI)(CI)M`, ...rest])),
    // What others may do with a shared disk stays theirs.
    ...backupFolders.map(({ folder }) => run('icacls.exe', [folder, '/grant', `${account}:(OI)(CI)M`])),
    ...secrets.map((file) =>
      run('icacls.exe', [file, '/inheritance:r', '/grant:r', `${account}:R`, `${ADMINISTRATORS}:F`, `${SYSTEM}:F`]),
    ),
    ...program.map((file) => run('icacls.exe', [file, '/grant', `${account}:RX`])),
  ];
}

const isBelow = (file: string, folder: string): boolean =>
  file.toLowerCase().startsWith(`${folder.toLowerCase().replace(/\\+$/, '')}\\`);

/** `STATE : 4  RUNNING`; the words before the colon are in the language of the system, the constants are not. */
function readServiceStatus(output: string, code: number): ServiceState {
  const state = /:\s*[1-7]\s+([A-Z_]+)/.exec(output.replace(/^\s*TYPE.*$/m, ''))?.[1] ?? '';
  const pid = Number(/PID\s*:\s*(\d+)/.exec(output)?.[1] ?? 0);
  const installed = code !== NOT_THERE && state !== '';
  return {
    installed,
    running: state === 'RUNNING',
    enabled: installed,
    pid: pid > 0 ? pid : null,
    detail: state || 'not installed',
  };
}

const TASK = `\\${DISPLAY_NAME}`;
/** LOCAL SERVICE: like the service's own account without password and without rights in the network. */
const TASK_ACCOUNT = '*S-1-5-19';

/**
 * The way without a compiled host, where rules of the company forbid it: a task that starts with the machine. A trigger each
 * minute starts it again when it has ended; while it runs the trigger is passed over. Stopping ends the program at once, which
 * the database stands.
 */
export function taskXml({ program: [program, ...args], configFile, dataDir }: ServiceSettings): string {
  const all = [...args, 'serve', ...(configFile === undefined ? [] : ['--config', configFile])];
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>${DISPLAY_NAME}</Description>
  </RegistrationInfo>
  <Triggers>
    <BootTrigger>
      <Enabled>true</Enabled>
    </BootTrigger>
    <TimeTrigger>
      <Repetition>
        <Interval>PT1M</Interval>
        <StopAtDurationEnd>false</StopAtDurationEnd>
      </Repetition>
      <StartBoundary>2020-01-01T00:00:00</StartBoundary>
      <Enabled>true</Enabled>
    </TimeTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>S-1-5-19</UserId>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xml(program)}</Command>
      <Arguments>${xml(all.map(windowsArgument).join(' '))}</Arguments>
      <WorkingDirectory>${xml(dataDir)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
`;
}

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const windowsTask: ServiceKind = {
  id: 'task',
  name: DISPLAY_NAME,
  install: (settings) => {
    const { folder } = hostFiles(settings);
    const file = `${folder}\\task.xml`;
    return [
      run('cmd.exe', ['/d', '/c', 'if', 'not', 'exist', folder, 'mkdir', folder]),
      { kind: 'write', file, content: `\ufeff${taskXml(settings).replaceAll('\n', '\r\n')}`, encoding: 'utf16le' },
      ...rights(settings, TASK_ACCOUNT),
      run('schtasks.exe', ['/Create', '/TN', TASK, '/XML', file, '/F']),
      run('schtasks.exe', ['/Run', '/TN', TASK]),
    ];
  },
  remove: (settings) => [
    run('schtasks.exe', ['/End', '/TN', TASK], { expected: [1] }),
    run('schtasks.exe', ['/Delete', '/TN', TASK, '/F'], { expected: [1] }),
    { kind: 'remove', path: hostFiles(settings).folder },
  ],
  start: () => [run('schtasks.exe', ['/Change', '/TN', TASK, '/ENABLE']), run('schtasks.exe', ['/Run', '/TN', TASK])],
  // Disabled, or the trigger of the next minute would start it again.
  stop: () => [run('schtasks.exe', ['/Change', '/TN', TASK, '/DISABLE']), run('schtasks.exe', ['/End', '/TN', TASK])],
  status: ['schtasks.exe', '/Query', '/TN', TASK, '/FO', 'CSV', '/NH', '/V'],
  definition: ['schtasks.exe', '/Query', '/TN', TASK, '/XML'],
  isOurs: (definition, { dataDir }) => definition.toLowerCase().includes(xml(dataDir).toLowerCase()),
  readStatus: (output, code) => {
    const line = output.split(/\r?\n/).find((one) => one.startsWith('"')) ?? '';
    const state = line.slice(1, -1).split('","')[3] ?? '';
    // 267009 is SCHED_S_TASK_RUNNING, the last result of a task that is at work; the words are in the system's language.
    const running = line.includes('"267009"');
    return { installed: code === 0, running, enabled: code === 0, pid: null, detail: state || 'not installed' };
  },
};
