export { SEARCH_KEY_LENGTH, searchKey, searchTerms } from './pinyin';
