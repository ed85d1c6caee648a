// Incidents that ship: what public accounts say of each, in order, and what of it the twin enacts.
import type { Incident } from './incident';

/** Failing over takes a minute, and catching up another: what lasted for hours needs no more here to come to rest. */
const LONG_SECONDS = 300;

const US_EAST_1_2021: Incident = {
  name: 'us-east-1-2021-12-07',
  title: 'Congestion of the internal network of us-east-1',
  date: '2021-12-07',
  happenedIn: 'us-east-1',
  look:
    'What the system keeps in us-east-1 are the alarms on health checks and the messages that they send; Route 53 answers and probes without them. ' +
    'The order to leave a region is a record in a table, and needs no change of a DNS record. No client should fail.',
  sources: [
    {
      title: 'AWS, summary of the service event in Northern Virginia, 10 Dec 2021',
      url: 'https://aws.amazon.com/message/12721/',
    },
    {
      title: 'ThousandEyes, outage analysis, 7 Dec 2021',
      url: 'https://www.thousandeyes.com/blog/aws-outage-analysis-dec-7-2021',
    },
    {
      title: 'InfoQ, postmortem and lessons learned',
      url: 'https://www.infoq.com/news/2021/12/aws-outage-postmortem/',
    },
  ],
  phases: [
    {
      when: '7 Dec 2021, 07:30 to about 16:44 PST',
      what:
        'Scaling of one service sets off a surge of connections that congests the devices between the internal and the main network. ' +
        'Monitoring data are missing at once; CloudWatch, STS, API Gateway and container services fail in part',
      by: [1, 2, 3],
      lastedSeconds: 33_240,
      enacted: {
        seconds: LONG_SECONDS,
        faults: [{ kind: 'us-east-1-down', lastsSeconds: LONG_SECONDS + 180 }],
        assumed: 'that alarms, topics and metrics of us-east-1 stop altogether: then they failed in part and were late',
      },
    },
    {
      when: '07:30 to 14:30 PST',
      what: 'The APIs of Route 53 are impaired: nobody can change a DNS record. Existing records are answered',
      by: [1],
      lastedSeconds: 25_200,
      enacted: {
        seconds: 180,
        orders: [{ order: 'evacuate', afterSeconds: 30 }],
        assumed: 'that an operator wants to leave a region in the middle of it, and orders so',
      },
    },
    {
      when: '16:44 PST and later',
      what: 'Services work again',
      by: [2],
      enacted: {
        seconds: 90,
        orders: [{ order: 'readmit', afterSeconds: 30 }],
        assumed: 'that the operator readmits the region',
      },
    },
    {
      when: '7 Dec 2021',
      what: 'Running instances and containers go on; starting or changing them fails',
      by: [3],
      notEnacted: 'the stack has no instances and no containers, and nothing of it is changed while it runs',
    },
  ],
};

const BAD_DEPLOY_EVERYWHERE: Incident = {
  name: 'bad-deploy-everywhere',
  title: 'A bad deploy in all regions at once, as at Google Cloud on 12 June 2025',
  date: '2025-06-12',
  happenedIn: 'every region of Google Cloud, for longest in us-central1',
  look:
    'No failover helps where every region runs the same version, and while all are struck nothing is promised to a client. Look at how long nobody is ' +
    'served, at acknowledged writes, and at the return. A rollout that waits after the first region turns this into the loss of one: dr drill --fault bad-deploy.',
  sources: [
    {
      title: 'Google Cloud, incident report',
      url: 'https://status.cloud.google.com/incidents/ow5i3PPK96RduMcb1SsW',
    },
    {
      title: 'postmortems.app, summary of that report',
      url: 'https://postmortems.app/postmortem/9deb5a9a-d55a-47fc-845f-a7fe3ebdb673',
    },
    {
      title: "AWS Builders' Library, automating safe, hands-off deployments",
      url: 'https://aws.amazon.com/builders-library/automating-safe-hands-off-deployments/',
    },
  ],
  phases: [
    {
      when: '29 May 2025',
      what: 'A new check of quotas is rolled out region by region. Nothing exercises it, so the rollout finds nothing',
      by: [1, 2],
      notEnacted: 'a version that fails on later data alone runs as a good one does until they come',
    },
    {
      when: '12 June 2025, about 10:45 to 11:25 PDT',
      what: 'A policy with blank fields reaches every region within seconds. The new check crashes on it, everywhere',
      by: [1, 2],
      lastedSeconds: 2_400,
      enacted: {
        seconds: LONG_SECONDS,
        faults: [
          { kind: 'bad-deploy', lastsSeconds: LONG_SECONDS + 180 },
          { kind: 'bad-deploy', at: 'others', afterSeconds: 5 },
        ],
        assumed: '5 s between the regions, for "within seconds"',
      },
    },
    {
      when: 'until 2 h 40 min after the start, in us-central1',
      what: 'Smaller regions are back once the check is switched off. In the largest one, all instances start again together and overload what they read',
      by: [1, 2],
      lastedSeconds: 7_200,
      enacted: {
        seconds: 180,
        assumed: 'that the region stays broken for longer; its herd of restarts is not enacted',
      },
    },
  ],
};

/** In the order in which they are listed. */
export const INCIDENTS: readonly Incident[] = [US_EAST_1_2021, BAD_DEPLOY_EVERYWHERE];
