// Incidents that are not AWS's: what public accounts say of each, in order, and what of it the twin enacts.
import type { Incident } from './incident';
import { LONG_SECONDS } from './long';

export const BAD_DEPLOY_EVERYWHERE: Incident = {
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

export const CERTIFICATE_EXPIRED: Incident = {
  name: 'certificate-expired',
  title: 'A certificate expires, as at Microsoft Teams on 3 February 2020',
  date: '2020-02-03',
  happenedIn: 'Microsoft Teams',
  look:
    'Health checks of Route 53 do not look at certificates, so DNS moves nobody: clients fail while everything is healthy. Look at who tells people, and when. ' +
    'ACM renews a certificate by itself as long as its proof stands in DNS and the certificate is in use.',
  sources: [
    {
      title: 'Venafi, expired certificate takes down Microsoft Teams',
      url: 'https://www.venafi.com/blog/expired-certificate-takes-down-microsoft-teams',
    },
    {
      title: 'Medianama, which has the times',
      url: 'https://www.medianama.com/2020/02/223-microsoft-teams-down-forgot-authentication-certificate-renewal/',
    },
    {
      title: 'AWS, managed certificate renewal in ACM',
      url: 'https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html',
    },
  ],
  phases: [
    {
      when: '3 Feb 2020, from about 09:00 ET',
      what: 'A certificate expires. Applications cannot open a connection over HTTPS to the service',
      by: [1, 2],
      enacted: {
        seconds: 120,
        faults: [{ kind: 'certificate-expired', lastsSeconds: 120 + LONG_SECONDS }],
        assumed: 'that the certificate of one region expires first',
      },
    },
    {
      when: 'until about 11:20 ET; the last users until 16:27 ET',
      what: 'Two hours later a new certificate is rolled out; the last users are reported back at 16:27',
      by: [2],
      lastedSeconds: 26_820,
      enacted: {
        seconds: LONG_SECONDS,
        faults: [{ kind: 'certificate-expired', at: 'others' }],
        assumed: 'that the certificates of the other regions, issued on the same day, follow',
      },
    },
  ],
};

export const RESOLVER_STRETCHES: Incident = {
  name: 'resolver-stretches',
  title: 'Resolvers keep an answer longer than its TTL says, and a region is lost',
  date: '2023-03-21',
  happenedIn: 'the resolvers of a study',
  look: 'The promise is about clients that honour the TTL. Those behind such a resolver stay with the lost region until their resolver asks again.',
  sources: [
    {
      title: 'TTL Violation of DNS Resolvers in the Wild, PAM 2023',
      url: 'https://doi.org/10.1007/978-3-031-28486-1_23',
    },
    { title: 'The study and its data', url: 'https://ttl-violation-study.github.io/' },
  ],
  populations: [{ name: 'stretches', share: 0.5 }],
  phases: [
    {
      when: 'study published in 2023',
      what: '8.74 % of the 8,524 resolvers that a study observed from five places or more extend a TTL',
      by: [1, 2],
      enacted: {
        seconds: 480,
        faults: [{ kind: 'region-dark' }],
        assumed:
          'half as many clients again behind resolvers that keep an answer for 60 s at least, or for 300 s: more than in the study, so that there are some near each region',
      },
    },
  ],
};
