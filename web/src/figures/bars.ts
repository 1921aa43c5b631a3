import type { ChartData, ChartOptions, Plugin } from 'chart.js';

/** A bar: what it is of, how long it is, and what is said of that. Null: nobody knows how long. */
export interface Bar {
  name: string;
  value: number | null;
  says: string;
  /** A colour of its own, as the name of a CSS property, such as that of a status. */
  colour?: string;
}

export interface Colours {
  ink: string;
  soft: string;
  bar: string;
  /** What a CSS property says. */
  of: (property: string) => string;
}

/** Letters of a name that stand in a line beside the bars. */
const LETTERS = 12;

/** A name cut to what stands beside its bar; the table below has it whole. */
export const short = (name: string): string =>
  [...name].length > LETTERS ? `${[...name].slice(0, LETTERS - 1).join('')}…` : name;

/** What the chart library is given: bars that lie, names before them, what is said of each behind it. */
export function bars(
  rows: readonly Bar[],
  { ink, soft, bar, of }: Colours,
  { font, most }: { font: string; most?: number | undefined },
): { data: ChartData<'bar', (number | null)[]>; options: ChartOptions<'bar'>; says: Plugin<'bar'> } {
  const longest = most ?? Math.max(1, ...rows.map(({ value }) => value ?? 0));
  return {
    data: {
      labels: rows.map(({ name }) => short(name)),
      datasets: [
        {
          data: rows.map(({ value }) => value),
          backgroundColor: rows.map(({ colour }) => (colour ? of(colour) : bar)),
          barThickness: 14,
          minBarLength: 1,
        },
      ],
    },
    options: {
      indexAxis: 'y',
      maintainAspectRatio: false,
      layout: { padding: { right: 4 } },
      scales: {
        // room for what is said behind the longest bar
        x: { display: false, min: 0, max: longest * 1.6 },
        y: {
          grid: { display: false },
          border: { color: soft },
          ticks: { color: ink, autoSkip: false, font: { family: font, size: 13 } },
        },
      },
      plugins: {
        tooltip: {
          displayColors: false,
          titleFont: { family: font },
          bodyFont: { family: font },
          callbacks: {
            title: ([item]) => rows[item?.dataIndex ?? -1]?.name ?? '',
            label: ({ dataIndex }) => rows[dataIndex]?.says ?? '',
          },
        },
      },
    },
    says: {
      id: 'says',
      afterDatasetsDraw(chart) {
        const { ctx, scales } = chart;
        ctx.save();
        ctx.font = `12px ${font}`;
        ctx.fillStyle = soft;
        ctx.textBaseline = 'middle';
        const start = scales.x?.getPixelForValue(0) ?? 0;
        chart.getDatasetMeta(0).data.forEach((drawn, i) => {
          const end = rows[i]?.value === null ? start : drawn.x;
          ctx.fillText(rows[i]?.says ?? '', end + 6, drawn.y);
        });
        ctx.restore();
      },
    },
  };
}
