import { win32 as path } from 'node:path';
import type { ServiceSettings } from './plan';

export const WINDOWS_SERVICE = 'PhoneERP';
export const DISPLAY_NAME = 'Phone Retail ERP';

/**
 * The program that answers Windows' service control manager: about a hundred lines of C#, compiled on the machine by the compiler
 * that is part of Windows (.NET Framework 4, C# 5). It starts the product, ends it by closing its standard input (the product
 * then finishes what is under way), and tells the event log why it ended when nobody asked for that.
 */
export function windowsHostSource({ program: [program, ...args], configFile, dataDir }: ServiceSettings): string {
  const all = [...args, 'serve', '--until-stdin-ends', ...(configFile === undefined ? [] : ['--config', configFile])];
  return `// Answers the service control manager of Windows for ${DISPLAY_NAME}. Written by "phone-erp service install".
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.ServiceProcess;

public class PhoneErpService : ServiceBase
{
    const string ProgramFile = ${verbatim(program)};
    const string ProgramArguments = ${verbatim(all.map(windowsArgument).join(' '))};
    const string Folder = ${verbatim(dataDir)};
    const int StopMilliseconds = 30000;
    const int LinesKept = 40;

    readonly Queue<string> lastLines = new Queue<string>();
    Process program;
    volatile bool stopping;

    public PhoneErpService()
    {
        ServiceName = ${verbatim(WINDOWS_SERVICE)};
        CanStop = true;
        CanShutdown = true;
    }

    static void Main()
    {
        Run(new PhoneErpService());
    }

    protected override void OnStart(string[] args)
    {
        ProcessStartInfo start = new ProcessStartInfo(ProgramFile, ProgramArguments);
        start.WorkingDirectory = Folder;
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.EnvironmentVariables["ERP_LOGGING_STDOUT"] = "false";
        start.EnvironmentVariables["NODE_ENV"] = "production";
        program = new Process();
        program.StartInfo = start;
        program.EnableRaisingEvents = true;
        program.Exited += Ended;
        // What nobody reads fills the pipe and stops the program.
        program.OutputDataReceived += Keep;
        program.ErrorDataReceived += Keep;
        program.Start();
        program.BeginOutputReadLine();
        program.BeginErrorReadLine();
    }

    void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data == null) return;
        lock (lastLines)
        {
            lastLines.Enqueue(line.Data);
            while (lastLines.Count > LinesKept) lastLines.Dequeue();
        }
    }

    void Ended(object sender, EventArgs nothing)
    {
        if (stopping) return;
        program.WaitForExit();
        int code = program.ExitCode;
        string text;
        lock (lastLines) text = String.Join(Environment.NewLine, lastLines.ToArray());
        EventLog.WriteEntry("Ended with code " + code + Environment.NewLine + text, EventLogEntryType.Error);
        // 2 and 3: wrong configuration, refused. Starting again does not help, so the end is reported in order.
        if (code == 2 || code == 3)
        {
            stopping = true;
            ExitCode = 1067;
            Stop();
            return;
        }
        // Without a report the manager takes it for a crash and starts the service again, as set by "sc failure".
        Environment.Exit(code == 0 ? 1 : code);
    }

    protected override void OnStop()
    {
        bool asked = !stopping;
        stopping = true;
        if (!asked || program == null || program.HasExited) return;
        RequestAdditionalTime(StopMilliseconds + 5000);
        program.StandardInput.Close();
        if (!program.WaitForExit(StopMilliseconds)) program.Kill();
    }

    protected override void OnShutdown()
    {
        OnStop();
    }
}
`;
}

/** A verbatim text of C#. */
const verbatim = (text: string): string => `@"${text.replaceAll('"', '""')}"`;

/** As the C run time of the started program takes its command line apart. */
export function windowsArgument(text: string): string {
  if (/^[^\s"]+$/.test(text)) return text;
  return `"${text.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

/** Beside the program, where only administrators may write. */
export function hostFiles({ program: [program] }: ServiceSettings): { folder: string; source: string; host: string } {
  const folder = path.join(path.dirname(program), 'service');
  return { folder, source: path.join(folder, 'PhoneErpService.cs'), host: path.join(folder, 'PhoneErpService.exe') };
}
