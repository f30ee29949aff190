/** One figure, as the text format 0.0.4 of Prometheus knows it. */
export interface Family {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'histogram' | 'summary';
  samples: Sample[];
}

export interface Sample {
  value: number;
  labels?: Record<string, string>;
  /** `_bucket`, `_sum`, `_count`. */
  suffix?: string;
}

export function exposition(families: readonly Family[]): string {
  const lines: string[] = [];
  for (const { name, help, type, samples } of families) {
    if (samples.length === 0) continue;
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const { value, labels = {}, suffix = '' } of samples)
      lines.push(`${name}${suffix}${labelsOf(labels)} ${value}`);
  }
  return `${lines.join('\n')}\n`;
}

function labelsOf(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escape = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
