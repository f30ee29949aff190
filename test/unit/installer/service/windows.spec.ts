import { expect } from 'chai';
import { type PlanStep, printPlan, type ServiceSettings } from '../../../../installer/service';
import { taskXml, windowsService, windowsTask } from '../../../../installer/service/windows';
import { windowsArgument, windowsHostSource } from '../../../../installer/service/windows-host';

const settings: ServiceSettings = {
  program: ['C:\\Program Files\\Phone ERP\\current\\phone-erp.exe'],
  configFile: 'C:\\Program Files\\Phone ERP\\config.yaml',
  dataDir: 'D:\\Phone ERP',
  logDir: 'D:\\Phone ERP\\log',
  secretFiles: ['C:\\Program Files\\Phone ERP\\config.yaml', 'D:\\Phone ERP\\secret.key'],
  writableFolders: [],
  ports: [8480],
  database: 'sqlite',
  account: 'phone-erp',
};
const service = windowsService('C:\\Windows');
const HOST = 'C:\\Program Files\\Phone ERP\\current\\service\\PhoneErpService';

describe('Windows service', () => {
  it('is installed by commands of Windows itself', () => {
    expect(printPlan(service.install(settings), 'win32')).to.deep.equal([
      'cmd.exe /d /c if not exist "C:\\Program Files\\Phone ERP\\current\\service" mkdir "C:\\Program Files\\Phone ERP\\current\\service"',
      'sc.exe stop PhoneERP',
      `powershell.exe -NoProfile -NonInteractive -Command "$s = Get-Service PhoneERP -ErrorAction SilentlyContinue; if ($s) { $s.WaitForStatus('Stopped', '00:00:45') }"`,
      'sc.exe delete PhoneERP',
      `rem write ${HOST}.cs`,
      `C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\csc.exe /nologo /target:winexe /optimize+ /reference:System.ServiceProcess.dll "/out:${HOST}.exe" "${HOST}.cs"`,
      `sc.exe create PhoneERP binPath= "\\"${HOST}.exe\\"" start= delayed-auto obj= "NT SERVICE\\PhoneERP" DisplayName= "Phone Retail ERP"`,
      'sc.exe description PhoneERP "Sales, stock and books of the shop"',
      'sc.exe failure PhoneERP reset= 86400 actions= restart/2000/restart/10000/restart/60000',
      'icacls.exe "D:\\Phone ERP" /inheritance:r /grant:r "NT SERVICE\\PhoneERP:(OI)(CI)M" *S-1-5-32-544:(OI)(CI)F *S-1-5-18:(OI)(CI)F',
      'icacls.exe "C:\\Program Files\\Phone ERP\\config.yaml" /inheritance:r /grant:r "NT SERVICE\\PhoneERP:R" *S-1-5-32-544:F *S-1-5-18:F',
      'icacls.exe "C:\\Program Files\\Phone ERP\\current\\phone-erp.exe" /grant "NT SERVICE\\PhoneERP:RX"',
      'sc.exe start PhoneERP',
    ]);
  });

  it('is removed with its host and without the data', () => {
    const plan = service.remove(settings);
    expect(plan.filter(({ kind }) => kind === 'remove')).to.deep.equal([
      { kind: 'remove', path: 'C:\\Program Files\\Phone ERP\\current\\service' },
    ]);
    expect(printPlan(plan, 'win32').join('\n')).to.contain('sc.exe delete PhoneERP').and.not.contain('D:\\Phone ERP');
    const stop = plan[0] as Extract<PlanStep, { kind: 'run' }>;
    expect(stop.expected).to.deep.equal([1060, 1062]);
  });

  it('tells its state in any language of Windows', () => {
    const english =
      '\r\nSERVICE_NAME: PhoneERP\r\n        TYPE               : 10  WIN32_OWN_PROCESS\r\n        STATE              : 4  RUNNING\r\n                                (STOPPABLE)\r\n        PID                : 1234\r\n';
    expect(service.readStatus(english, 0)).to.deep.equal({
      installed: true,
      running: true,
      enabled: true,
      pid: 1234,
      detail: 'RUNNING',
    });
    const chinese =
      '服务名: PhoneERP\r\n        TYPE               : 10  WIN32_OWN_PROCESS\r\n        状态               : 1  STOPPED\r\n        PID                : 0\r\n';
    expect(service.readStatus(chinese, 0)).to.include({
      installed: true,
      running: false,
      detail: 'STOPPED',
      pid: null,
    });
    expect(service.readStatus('[SC] EnumQueryServicesStatus:OpenService 失败 1060:', 1060)).to.include({
      installed: false,
      running: false,
    });
  });

  it('has a host that knows the program and its arguments and ends it by its standard input', () => {
    const source = windowsHostSource(settings);
    expect(source)
      .to.contain('const string ProgramFile = @"C:\\Program Files\\Phone ERP\\current\\phone-erp.exe";')
      .and.contain(
        'const string ProgramArguments = @"serve --until-stdin-ends --config ""C:\\Program Files\\Phone ERP\\config.yaml""";',
      )
      .and.contain('program.StandardInput.Close();');
  });

  it('quotes arguments as programs on Windows take them apart', () => {
    for (const [text, quoted] of [
      ['plain', 'plain'],
      ['a b', '"a b"'],
      ['C:\\x\\', 'C:\\x\\'],
      ['C:\\a b\\', '"C:\\a b\\\\"'],
      ['say "hi"', '"say \\"hi\\""'],
      ['', '""'],
    ] as const)
      expect(windowsArgument(text), text).to.equal(quoted);
  });
});

describe('scheduled task of Windows', () => {
  it('starts with the machine, and again within a minute when it has ended', () => {
    const xml = taskXml({ ...settings, dataDir: 'D:\\R&D' });
    expect(xml)
      .to.contain('<BootTrigger>')
      .and.contain('<Interval>PT1M</Interval>')
      .and.contain('<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>')
      .and.contain('<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>')
      .and.contain('<UserId>S-1-5-19</UserId>')
      .and.contain('<Command>C:\\Program Files\\Phone ERP\\current\\phone-erp.exe</Command>')
      .and.contain('<Arguments>serve --config "C:\\Program Files\\Phone ERP\\config.yaml"</Arguments>')
      .and.contain('<WorkingDirectory>D:\\R&amp;D</WorkingDirectory>');
  });

  it('is written in the encoding that it says, and stays stopped when it was stopped', () => {
    const file = windowsTask.install(settings).find((step) => step.kind === 'write');
    expect(file).to.include({ encoding: 'utf16le' });
    expect(
      file?.kind === 'write' && file.content.startsWith('\ufeff<?xml version="1.0" encoding="UTF-16"?>\r\n'),
    ).to.equal(true);
    expect(printPlan(windowsTask.stop(), 'win32')).to.deep.equal([
      'schtasks.exe /Change /TN "\\Phone Retail ERP" /DISABLE',
      'schtasks.exe /End /TN "\\Phone Retail ERP"',
    ]);
  });
});
