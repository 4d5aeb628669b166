-- `chancery lsp` in Neovim: what a writer does in a document, and what the editor makes of it.
-- The program and a copy of the project are named by CHANCERY and FOLDER.

local patience = 60000
local faults = {}

local function expect(what, is)
  if not is then table.insert(faults, what) end
end

local function await(what, is)
  expect(what, vim.wait(patience, is, 20))
end

local source = vim.env.FOLDER .. '/source/'
vim.o.hidden = true
vim.cmd('edit ' .. source .. 'a.md')
local a = vim.api.nvim_get_current_buf()
local start = vim.lsp.start_client or vim.lsp.start
local id = start({ name = 'chancery', cmd = { vim.env.CHANCERY, 'lsp' }, root_dir = vim.env.FOLDER })
vim.lsp.buf_attach_client(a, id)
local client = vim.lsp.get_client_by_id(id)

local function lines(buffer) return vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false) end
local function text(buffer) return table.concat(lines(buffer), '\n') end

-- The place of the first byte of some words, counted as Neovim's cursor is.
local function go(words)
  for number, line in ipairs(lines()) do
    local at = line:find(words, 1, true)
    if at then
      vim.api.nvim_win_set_cursor(0, { number, at - 1 })
      return
    end
  end
  expect('there is no ' .. words, false)
end

local function position() return vim.lsp.util.make_position_params(0, client.offset_encoding) end

local function ask(method, params)
  local answers, fault = vim.lsp.buf_request_sync(0, method, params or position(), patience)
  local answer = answers and answers[id] or {}
  expect(method .. ': ' .. tostring(fault or vim.inspect(answer.err or answer.error)),
    not fault and not (answer.err or answer.error))
  return answer.result
end

-- What the diagnostics of a buffer are about, with their codes.
local function problems()
  return vim.tbl_map(function(problem)
    local line = lines(a)[problem.lnum + 1] or ''
    return problem.code .. ' ' .. line:sub(problem.col + 1, problem.end_col)
  end, vim.diagnostic.get(a))
end

await('the server starts', function() return client.initialized and not vim.tbl_isempty(client.server_capabilities) end)
-- What only the pages meet follows as soon as nothing is typed.
local of_pages = { 'W0401 🙂' }
await('a document that is well has a letter that no font has', function() return vim.deep_equal(problems(), of_pages) end)

-- As one types: letter by letter, behind a tab, an emoji and a letter of two bytes.
go(' end.')
vim.cmd('stopinsert')
vim.api.nvim_feedkeys('i', 'n', false)
vim.api.nvim_feedkeys(' [@csots] it', 'tx', false)
await('a problem is told as one types: ' .. vim.inspect(problems()),
  function() return vim.tbl_contains(problems(), 'E0309 @csots') or vim.tbl_contains(problems(), 'E0309 [@csots]') end)

-- The fix of the problem.
go('csots')
local range = vim.lsp.util.make_range_params(0, client.offset_encoding)
range.context = { diagnostics = {} }
local fix
for _, action in ipairs(ask('textDocument/codeAction', range) or {}) do
  if action.title == 'Write `costs`' then fix = action end
end
expect('the fix is offered', fix)
if fix then vim.lsp.util.apply_workspace_edit(fix.edit, client.offset_encoding) end
expect('the fix is made at its place: ' .. text(), text():find('🙂 é [@costs] [@costs] it end.', 1, true))
await('the problem is gone', function() return vim.deep_equal(problems(), of_pages) end)

-- What can be written.
local function labels()
  local answer = ask('textDocument/completion')
  return vim.tbl_map(function(item) return item.label end, answer and (answer.items or answer) or {})
end
go(' it end.')
vim.api.nvim_feedkeys('i', 'n', false)
vim.api.nvim_feedkeys(' @', 'tx', false)
-- The cursor stands on the @: what is asked for stands behind it.
vim.o.virtualedit = 'onemore'
go('@ it end.')
vim.api.nvim_win_set_cursor(0, { vim.fn.line('.'), vim.fn.col('.') })
local found = labels()
expect('ids can be written: ' .. vim.inspect(found), vim.tbl_contains(found, 'costs') and vim.tbl_contains(found, 'mind'))
expect('keys of the bibliography can be written: ' .. vim.inspect(found), vim.tbl_contains(found, 'meadows2008'))
go(' @ it end.')
vim.cmd('normal! 2x')

-- From a name to where it is given, here and in another file.
go('@costs')
vim.lsp.buf.definition()
await('the definition is found', function() return vim.api.nvim_get_current_line() == '## Costs {#costs}' end)
go('aims)')
vim.lsp.buf.definition()
await('the definition in another file is found',
  function() return vim.api.nvim_buf_get_name(0):match('b%.md$') and vim.api.nvim_get_current_line() == '## Aims {#aims}' end)
local b = vim.fn.bufnr(source .. 'b.md')
if not vim.lsp.buf_is_attached(b, id) then vim.lsp.buf_attach_client(b, id) end

-- Where a name is used.
go('costs)')
local params = position()
params.context = { includeDeclaration = true }
local used = vim.lsp.util.locations_to_items(ask('textDocument/references', params) or {}, client.offset_encoding)
local words = vim.tbl_map(function(item)
  return vim.fn.fnamemodify(item.filename, ':t') .. ' ' .. item.text:sub(item.col, item.col + 4)
end, used)
table.sort(words)
expect('all uses are found: ' .. vim.inspect(words),
  vim.deep_equal(words, { 'a.md costs', 'a.md costs', 'a.md costs', 'a.md costs', 'b.md costs' }))

-- Another name, in both files.
vim.lsp.buf.rename('price')
await('a name is another in both files: ' .. text(a), function()
  return text(b):find('🙂\tBack to [the costs](a.md#price).', 1, true)
    and text(a):find('## Costs {#price}', 1, true)
    and text(a):find('🙂 é [@price] [@price] it end.', 1, true)
end)

vim.cmd('buffer ' .. a)
local function hover(name)
  go(name)
  local answer = ask('textDocument/hover')
  return answer and answer.contents and (answer.contents.value or '') or ''
end
expect('a name says what it is of: ' .. hover('price]'), hover('price]'):find('1 Costs', 1, true))
expect('a citation says what is cited: ' .. hover('meadows2008'), hover('meadows2008'):find('Thinking in Systems', 1, true))
expect('an abbreviation says what it stands for: ' .. hover('NGO says'),
  hover('NGO says'):find('non-governmental organisation', 1, true))

local symbols = vim.lsp.util.symbols_to_items(ask('textDocument/documentSymbol', { textDocument = position().textDocument }) or {}, a)
expect('sections are listed: ' .. vim.inspect(symbols), #symbols == 2 and symbols[1].text:find('1 Costs', 1, true))

-- The form of the text.
vim.api.nvim_buf_set_lines(a, -1, -1, false, { '', '* one', '* two' })
if vim.lsp.buf.format then
  vim.lsp.buf.format({ timeout_ms = patience })
else
  vim.lsp.buf.formatting_sync({}, patience)
end
expect('the text is formatted: ' .. text(), text():find('\n- one\n- two', 1, true))

vim.lsp.stop_client(id)
await('the server ends', function() return vim.lsp.get_client_by_id(id) == nil or client.is_stopped() end)

for _, fault in ipairs(faults) do io.stderr:write('neovim: ' .. fault .. '\n') end
print(#faults == 0 and 'neovim: nothing found' or ('neovim: ' .. #faults .. ' faults'))
vim.cmd(#faults == 0 and 'qall!' or 'cquit')
