export interface CompactFormat {
  /** "1 万", "10k": for the axis. */
  axis: (value: number) => string;
  /** "1.0": one decimal of the unit, for the marks. */
  value: (value: number) => string;
  /** "万", "k" or '' — to be said once below the chart. */
  unit: string;
}

/**
 * Large numbers in the unit that readers of the language count in (万 and 亿; k and M), chosen by the largest value.
 * Minus is U+2212.
 */
export function compactFormat(largest: number, language: 'zh-CN' | 'en'): CompactFormat {
  const size = Math.abs(largest);
  const [divisor, unit] =
    language === 'zh-CN'
      ? size >= 1e8
        ? ([1e8, '亿'] as const)
        : size >= 1e4
          ? ([1e4, '万'] as const)
          : ([1, ''] as const)
      : size >= 1e6
        ? ([1e6, 'M'] as const)
        : size >= 1e4
          ? ([1e3, 'k'] as const)
          : ([1, ''] as const);
  const gap = language === 'zh-CN' ? ' ' : '';
  const write = (value: number, digits: number): string => {
    const text = new Intl.NumberFormat('en-US', {
      minimumFractionDigits: digits,
      maximumFractionDigits: Math.max(digits, 2),
    }).format(Math.abs(value));
    return `${value < 0 ? '\u2212' : ''}${text}`;
  };
  return {
    unit,
    axis: (value) => (value === 0 ? '0' : `${write(value / divisor, 0)}${unit && gap + unit}`),
    value: (value) => {
      const rounded = Math.round((value / divisor) * 10) / 10;
      return unit ? write(rounded, 1) : write(Math.round(value), 0);
    },
  };
}
