// Every text of the page, Chinese first.

export type Language = 'zh' | 'en';

const words = {
  title: ['辅具补贴审计', 'Assistive device subsidies: audit'],
  switchTo: ['English', '中文'],
  example: [
    '目录金额、预算与服务机构均为示例数据，待省残联替换；不是甘肃省的标准。',
    'Catalogue amounts, budgets and vendors are examples to be replaced by the province; none is Gansu’s own.',
  ],
  money: ['资金流向', 'Money'],
  allocated: ['已下达', 'Allocated'],
  available: ['可用', 'Available'],
  reserved: ['已预留', 'Reserved'],
  paid: ['已结算', 'Settled'],
  released: ['曾预留后退回（累计）', 'Released again (turnover)'],
  balanced: ['平衡：已下达 = 可用 + 已预留 + 已结算', 'Balanced: allocated = available + reserved + settled'],
  unbalanced: ['不平衡，请核查', 'Not balanced: to be examined'],
  states: ['申请状态', 'Applications by state'],
  applications: ['申请数', 'Applications'],
  state: ['状态', 'State'],
  cycle: ['周期', 'Cycle times'],
  cycleWhole: ['从提交到验收', 'Submission to acceptance'],
  stage: ['阶段', 'Stage'],
  count: ['次数', 'Count'],
  median: ['中位数', 'Median'],
  p90: ['九成以内', '90th percentile'],
  longest: ['最长', 'Longest'],
  spending: ['按县区与品目的支出', 'Spending by county and item'],
  county: ['县区', 'County'],
  item: ['品目', 'Item'],
  cases: ['件数', 'Cases'],
  trace: ['一份申请的全过程', 'Trace of one application'],
  traceLabel: ['申请编号', 'Application'],
  traceHint: ['例如 applications/620102-01J…', 'such as applications/620102-01J…'],
  show: ['查询', 'Show'],
  time: ['时间', 'Time'],
  what: ['事件', 'What'],
  who: ['经办', 'Who'],
  where: ['对象', 'Subject'],
  detail: ['内容', 'Content'],
  events: ['已归档事件', 'Events archived'],
  updated: ['最近事件', 'Last event'],
  loading: ['读取中……', 'Loading…'],
  failed: ['读取失败', 'Could not be read'],
  empty: ['暂无数据', 'Nothing yet'],
  refresh: ['刷新', 'Refresh'],
} as const;

export type Word = keyof typeof words;

const states: Record<string, readonly [string, string]> = {
  DRAFT: ['草稿', 'Draft'],
  SUBMITTED: ['已提交', 'Submitted'],
  UNDER_REVIEW: ['审核中', 'Under review'],
  SUPPLEMENT: ['待补正', 'Supplement'],
  PUBLIC_NOTICE: ['公示中', 'Public notice'],
  ON_HOLD: ['暂缓', 'On hold'],
  APPEALED: ['申诉中', 'Appealed'],
  TERMINATED: ['已终止', 'Terminated'],
  APPROVED: ['已批准', 'Approved'],
  DISPATCHED: ['已派单', 'Dispatched'],
  SCHEDULED: ['已预约', 'Scheduled'],
  FITTED: ['已适配', 'Fitted'],
  ACCEPTED: ['已验收', 'Accepted'],
  PAID: ['已结算', 'Settled'],
  FOLLOW_UP: ['回访中', 'Follow-up'],
  CLOSED: ['已办结', 'Closed'],
  WITHDRAWING: ['撤回处理中', 'Withdrawing'],
  TRANSFERRING: ['转县处理中', 'Moving to another county'],
  PRICING: ['核价中', 'Price being fixed'],
  WITHDRAWN: ['已撤回', 'Withdrawn'],
  INELIGIBLE: ['不符合条件', 'Ineligible'],
  UNFUNDED: ['预算不足', 'Unfunded'],
  REJECTED: ['未批准', 'Rejected'],
  EXPIRED: ['逾期结束', 'Expired'],
  UNSERVED: ['未能服务', 'Unserved'],
};

const column = (language: Language) => (language === 'zh' ? 0 : 1);

export const say = (language: Language, word: Word): string => words[word][column(language)];

export const sayState = (language: Language, state: string): string =>
  states[state]?.[column(language)] ?? state;

// Fen as yuan, exact: never through a floating-point number.
export function yuan(fen: string | undefined): string {
  const value = BigInt(fen ?? '0');
  const absolute = value < 0n ? -value : value;
  const whole = (absolute / 100n).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  const rest = (absolute % 100n).toString().padStart(2, '0');
  return `${value < 0n ? '-' : ''}¥${whole}.${rest}`;
}

export function duration(language: Language, ms: string): string {
  const value = Number(ms);
  const [day, hour, minute, second] = language === 'zh' ? ['天', '小时', '分', '秒'] : [' d', ' h', ' min', ' s'];
  if (value >= 2 * 86_400_000) return `${(value / 86_400_000).toFixed(1)}${day}`;
  if (value >= 2 * 3_600_000) return `${(value / 3_600_000).toFixed(1)}${hour}`;
  if (value >= 2 * 60_000) return `${(value / 60_000).toFixed(1)}${minute}`;
  return `${(value / 1000).toFixed(2)}${second}`;
}

export const moment = (language: Language, time: string): string =>
  new Date(time).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', {timeZone: 'Asia/Shanghai'});
