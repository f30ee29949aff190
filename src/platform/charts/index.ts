export { barChart, type Bar, type BarChart } from './bar-chart';
export { compactFormat, type CompactFormat } from './compact';
export { lineChart, type LineChart, type LineSeries } from './line-chart';
export type { ChartTheme, Tone } from './palette';
export { shareBar, type ShareBar } from './share-bar';
export { stackedBars, type StackedBars, type StackedRow } from './stacked-bars';
