// The few sentences that the browser says by itself; all others come with the page.

const WORDS = {
  offline: ['网络断了，正在重试。您填的内容还在本页。', 'The network is down, trying again. What you typed is still on this page.'],
  unread: ['没有读到内容。请再试一次。', 'Nothing came back. Please try again.'],
  unsaved: ['没有保存成功。您填的内容还在本页。', 'Not saved. What you typed is still on this page.'],
  number: ['错误编号', 'Error number'],
  again: ['再试一次', 'Try again'],
  ending: ['再过 2 分钟登录到期。', 'Your session ends in 2 minutes.'],
  stay: ['继续使用', 'Stay signed in'],
  ended: ['登录已到期。请在新窗口登录，再回到本页提交；您填的内容还在。', 'Your session has ended. Sign in in a new window, then come back and submit; what you typed is still here.'],
  signIn: ['去登录', 'Sign in'],
  stayed: ['已延长登录时间。', 'Your session goes on.'],
  close: ['关闭', 'Close'],
  details: ['详情', 'Details'],
  loading: ['正在读取', 'Loading'],
  busy: ['正在提交，请稍候。', 'Being sent, please wait.'],
  veiled: ['姓名已模糊，按 F8 恢复。', 'Names are blurred, F8 shows them.'],
  unveiled: ['姓名已恢复显示。', 'Names are shown.'],
  uploading: ['已上传', 'Uploaded'],
  of: ['，共', 'of'],
  waiting: ['网络不稳，正在等待重试。已传的部分都在。', 'The network is unsteady, waiting to try again. What was sent is kept.'],
  paused: ['上传停住了，已传的部分都在。', 'The upload has stopped; what was sent is kept.'],
  resume: ['继续上传', 'Go on'],
  checking: ['已传完，正在核对文件。', 'All sent, the file is being checked.'],
  refused: ['这个文件没有被接受。', 'This file was not accepted.'],
  choose: ['请先选一个文件。', 'Please choose a file first.'],
  found: ['项', 'found'],
} as const;

export type Word = keyof typeof WORDS;

/** Whether the page is in Chinese. */
export const chinese = (): boolean => !/^en/i.test(document.documentElement.lang);

/** The sentence in the language of the page. */
export const say = (word: Word): string => WORDS[word][chinese() ? 0 : 1];
