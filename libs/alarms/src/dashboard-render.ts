// Renders a dashboard: one row of graphs per alarm and extra metric, one graph per place, thresholds drawn in.
import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { checkedName, MAIN_RESOURCE } from '@dr/constructs';
import { Construct } from 'constructs';
import type { DashboardDefinition } from './dashboards';
import { ALARM_DEFINITIONS, type Metric, type Scope, type Subject } from './definitions';
import { dimensions } from './render';

/** Where an alarm or a metric is seen from, and whom it is about. */
export interface Seat {
  readonly awsRegion: string;
  readonly about: string;
  readonly subjects: Partial<Readonly<Record<Subject, string>>>;
}

export interface DashboardProps {
  readonly definition: DashboardDefinition;
  readonly system: string;
  readonly provider: AwsProvider;
  readonly seats: Readonly<Record<Scope, readonly Seat[]>>;
}

/** CloudWatch's grid. */
const GRID_WIDTH = 24;
const GRAPH_HEIGHT = 6;

export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { definition, system, provider } = props;
    new CloudwatchDashboard(this, MAIN_RESOURCE, {
      provider,
      dashboardName: checkedName('dashboard', `${system}-${definition.id}`),
      dashboardBody: JSON.stringify({ widgets: widgets(props) }),
    });
  }
}

function widgets(props: DashboardProps): unknown[] {
  const { definition, seats } = props;
  const rows = [
    ...definition.alarms.map((id) => alarmRow(props, id)),
    ...definition.extra.map(({ title, metrics }) => {
      const scope: Scope = metrics.some((m) => Object.values(m.dimensions).includes('peer')) ? 'peer' : 'region';
      const lines = (seat: Seat): unknown[] => metrics.map((metric) => line(metric, seat));
      return seats[scope].map((seat) => graph(title, seat, 60, lines(seat)));
    }),
  ];
  return [
    { type: 'text', x: 0, y: 0, width: GRID_WIDTH, height: 1, properties: { markdown: `# ${definition.title}` } },
    ...rows.flatMap((row, y) => {
      const width = Math.floor(GRID_WIDTH / row.length);
      const place = { y: 1 + y * GRAPH_HEIGHT, width, height: GRAPH_HEIGHT };
      return row.map((properties, x) => ({ type: 'metric', x: x * width, ...place, properties }));
    }),
  ];
}

function alarmRow({ seats }: DashboardProps, id: string) {
  const alarm = ALARM_DEFINITIONS.find((a) => a.id === id);
  if (!alarm) throw new Error(`no alarm ${id}`);
  const horizontal = [{ label: 'alarm', value: alarm.breach.threshold }];
  return seats[alarm.scope].map((seat) => {
    const named = Object.entries(alarm.metrics);
    const metrics = alarm.expression
      ? [
          [{ expression: alarm.expression, label: alarm.id, id: 'value', region: seat.awsRegion }],
          ...named.map(([key, metric]) => line(metric, seat, { id: key, visible: false })),
        ]
      : named.map(([, metric]) => line(metric, seat));
    return { ...graph(alarm.id, seat, alarm.window.periodSeconds, metrics), annotations: { horizontal } };
  });
}

const graph = (title: string, { about, awsRegion: region }: Seat, period: number, metrics: readonly unknown[]) => ({
  title: `${title}: ${about}`,
  region,
  period,
  view: 'timeSeries',
  metrics,
});

const line = (metric: Metric, seat: Seat, options: Readonly<Record<string, unknown>> = {}): unknown[] => [
  metric.namespace,
  metric.name,
  ...Object.entries(dimensions(metric, seat.subjects)).flat(),
  { stat: metric.statistic, ...options },
];
