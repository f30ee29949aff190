import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { ServiceSettings } from '../../../../installer/service';
import { printPlan } from '../../../../installer/service';
import { systemd, systemdUnit } from '../../../../installer/service/systemd';
import { skipWithoutProgram } from '../../../support/skip';

const settings: ServiceSettings = {
  program: ['/opt/phone-erp/current/phone-erp'],
  configFile: '/opt/phone-erp/config.yaml',
  dataDir: '/var/lib/phone-erp',
  logDir: '/var/lib/phone-erp/log',
  secretFiles: ['/opt/phone-erp/config.yaml', '/var/lib/phone-erp/secret.key'],
  writableFolders: [],
  ports: [8480],
  database: 'sqlite',
  account: 'phone-erp',
};

const UNIT = `[Unit]
Description=Phone Retail ERP
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=exec
User=phone-erp
Group=phone-erp
ExecStart=/opt/phone-erp/current/phone-erp serve --config /opt/phone-erp/config.yaml
WorkingDirectory=/var/lib/phone-erp
Environment=NODE_ENV=production ERP_LOGGING_STDOUT=false
Restart=on-failure
RestartSec=2
RestartPreventExitStatus=2 3
KillMode=mixed
TimeoutStopSec=30
LimitNOFILE=65536
UMask=0077

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ReadWritePaths=/var/lib/phone-erp
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;

const lineOf = (unit: string, key: string): string | undefined =>
  unit.split('\n').find((line) => line.startsWith(`${key}=`));

describe('systemd unit', () => {
  it('runs under its own account, sees nothing but its own, and comes back after a crash', () => {
    expect(systemdUnit(settings)).to.equal(UNIT);
  });

  it('gets the right to low ports, and only then', () => {
    const unit = systemdUnit({ ...settings, ports: [443, 80] });
    expect(lineOf(unit, 'CapabilityBoundingSet')).to.equal('CapabilityBoundingSet=CAP_NET_BIND_SERVICE');
    expect(lineOf(unit, 'AmbientCapabilities')).to.equal('AmbientCapabilities=CAP_NET_BIND_SERVICE');
  });

  it('starts after the database of its kind, and keeps to a limit of memory', () => {
    const unit = systemdUnit({ ...settings, database: 'mysql', memoryMaxMb: 4096 });
    expect(lineOf(unit, 'After')).to.equal('After=network-online.target mariadb.service mysql.service mysqld.service');
    expect(lineOf(unit, 'MemoryMax')).to.equal('MemoryMax=4096M');
  });

  it('writes names with blanks, percent signs and dollars so that systemd reads them as they are', () => {
    const unit = systemdUnit({
      ...settings,
      program: ['/opt/手机 ERP/phone-erp'],
      dataDir: '/srv/100% $HOME/data',
      logDir: '/var/log/phone-erp',
    });
    expect(lineOf(unit, 'ExecStart')).to.equal(
      'ExecStart="/opt/手机 ERP/phone-erp" serve --config /opt/phone-erp/config.yaml',
    );
    expect(lineOf(unit, 'WorkingDirectory')).to.equal('WorkingDirectory=/srv/100%% $HOME/data');
    expect(lineOf(unit, 'ReadWritePaths')).to.equal('ReadWritePaths="/srv/100%% $$HOME/data" /var/log/phone-erp');
  });

  it('lets the service into the folders of backups; what others use as well is not given to it', () => {
    const backupFolders = [
      { folder: '/var/backups/phone-erp', ours: true },
      { folder: '/mnt/nas', ours: false },
    ];
    expect(lineOf(systemdUnit({ ...settings, backupFolders }), 'ReadWritePaths')).to.equal(
      'ReadWritePaths=/var/lib/phone-erp -/var/backups/phone-erp -/mnt/nas',
    );
    const plan = printPlan(systemd.install({ ...settings, backupFolders }), 'linux').filter((line) =>
      /chown/.test(line),
    );
    expect(plan).to.include('chown -R phone-erp:phone-erp /var/backups/phone-erp');
    expect(plan.join()).to.not.include('/mnt/nas');
  });

  it('may read homes when the installation lies in one', () => {
    expect(lineOf(systemdUnit({ ...settings, program: ['/home/erp/phone-erp'] }), 'ProtectHome')).to.equal(
      'ProtectHome=read-only',
    );
  });

  it('is understood by systemd itself', function () {
    this.timeout(20_000);
    const analyze = skipWithoutProgram(this, ['systemd-analyze'], 'reads the unit');
    const folder = mkdtempSync(path.join(tmpdir(), 'erp-unit-'));
    const file = path.join(folder, 'phone-erp.service');
    try {
      // A program that exists: verify looks for it.
      writeFileSync(file, systemdUnit({ ...settings, program: ['/bin/sh'], ports: [443], memoryMaxMb: 2048 }));
      const said = execFileSync(analyze, ['verify', '--man=no', file], { encoding: 'utf8', stdio: 'pipe' });
      expect(said).to.equal('');
      const exposure = execFileSync(analyze, ['security', '--offline=yes', '--no-pager', file], {
        encoding: 'utf8',
      });
      const [, score] = /exposure level for phone-erp\.service: ([\d.]+)/.exec(exposure) ?? [];
      expect(Number(score)).to.be.below(3);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('systemd service', () => {
  it('is installed by commands that can be shown and run again', () => {
    const [user, ...rest] = printPlan(systemd.install(settings), 'linux');
    expect(user).to.equal(
      'id -u phone-erp >/dev/null 2>&1 || useradd --system --user-group --no-create-home --home-dir /var/lib/phone-erp --shell /usr/sbin/nologin phone-erp',
    );
    const unitAt = rest.indexOf("cat > /etc/systemd/system/phone-erp.service <<'END'");
    expect(rest.slice(0, unitAt)).to.deep.equal([
      'mkdir -p /var/lib/phone-erp',
      'chown -R phone-erp:phone-erp /var/lib/phone-erp',
      'chmod 750 /var/lib/phone-erp',
      'chown phone-erp:phone-erp /opt/phone-erp/config.yaml',
      'chmod 600 /opt/phone-erp/config.yaml',
    ]);
    expect(rest.slice(unitAt + 1, -3).join('\n')).to.equal(`${UNIT}END`);
    expect(rest.slice(-3)).to.deep.equal([
      'systemctl daemon-reload',
      'systemctl enable phone-erp.service',
      'systemctl restart phone-erp.service',
    ]);
  });

  it('is removed without touching the data', () => {
    const lines = printPlan(systemd.remove(settings), 'linux');
    expect(lines).to.deep.equal([
      'systemctl disable --now phone-erp.service || true',
      'rm -rf /etc/systemd/system/phone-erp.service',
      'systemctl daemon-reload',
      'systemctl reset-failed phone-erp.service || true',
    ]);
  });

  it('tells its state from what systemctl says', () => {
    const running = 'LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\nMainPID=4711\n';
    expect(systemd.readStatus(running, 0)).to.deep.equal({
      installed: true,
      running: true,
      enabled: true,
      pid: 4711,
      detail: 'active (running)',
    });
    const none = 'LoadState=not-found\nActiveState=inactive\nSubState=dead\nUnitFileState=\nMainPID=0\n';
    expect(systemd.readStatus(none, 0)).to.include({ installed: false, running: false, enabled: false, pid: null });
  });
});
