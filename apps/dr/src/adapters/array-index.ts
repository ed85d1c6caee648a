// Which of many equal jobs this process is, as what started them says: counted from 0.
import type { Processes } from '../context';

/**
 * kubernetes.io/docs/concepts/workloads/controllers/job: a Job whose completionMode is Indexed sets the first;
 * docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html: an array job sets the second in each child.
 */
const NAMES = ['JOB_COMPLETION_INDEX', 'AWS_BATCH_JOB_ARRAY_INDEX'] as const;

export const arrayIndexes: Processes['arrayIndexes'] = () =>
  Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = process.env[name] ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );
