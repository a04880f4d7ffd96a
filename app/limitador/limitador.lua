-- Pacing authority of one WhatsApp number: every decision is one atomic call on the server's clock.
--
-- KEYS[1]  hash: the state below.      KEYS[2]  sorted set: tokens in flight, score = when the token is reclaimed.
-- ARGV[1]  operation, ARGV[2] ceiling per second, the rest depends on the operation. Times are microseconds.
--
-- The bound. A slot is entered within G of its time, and an entered request holds a token until it has surely
-- arrived. So what arrives in [t, t + 1 s] was in flight at t or has its slot in [t - G, t + 1 s]. A slot of
-- class k is paced at ritmo(k), the largest pace with floor(ritmo(k) * (1 s + G)) + 1 + k <= ceiling. Hence the
-- ceiling holds in every window if
--
--   (I)  for each slot s of class k, at most k requests are in flight at any time in [s - 1 s, s + G]
--
-- (take the smallest class in the window: no gap in it is shorter than that class allows, and at t at most that
-- many are in flight). `c` limits entries now, `k` is the class of the slots given out now, and c <= k always:
--
--   raise c -> c':  k = c' at once; c = c' only after the last slot given at a lower class, plus G (`sobe`).
--   lower c -> c':  c = c' at once; k = c' only for slots 1 s after in flight was seen to be <= c' (`desde`).
--                   Until then all open slots have class k, so c may return to anything <= k at once.
--   state lost:     requests may be in flight unseen, for at most one lease. Each has an intent in the database
--                   that no outcome has closed, so the caller counts those before it lets a new state be born;
--                   nobody can enter in between, for want of a state. That is a lowering from k = c + unseen
--                   whose observation is postponed by one lease. The first slot comes 1 s after the birth of
--                   the new state, and slots given before it are refused at entry. A number that simply was
--                   idle has nothing unseen: it waits that second and then runs at full pace.
--
-- The ceiling T may differ from call to call (what comes in is taken off it, and processes learn that at different
-- times). Only the pace of new slots depends on T: a slot of class k given under T keeps ritmo(k, T) behind the one
-- before it, so its gap is no shorter than T - k allows. (I) speaks of k alone, so it holds as before. Take a window and
-- the slot j in it with the greatest T - k: no gap in it is shorter than that slot allows, and at t at most k(j) are in
-- flight, because (I) holds for j too. So it holds at most T(j): never more than the highest ceiling that one of its
-- slots was given under, and a lowered ceiling is in force once the slots given before (at most 1 s ahead) are past.
-- This needs T >= k + 2 for every slot given, or even the slowest pace would be too fast. T >= 15 and k <= 10 do;
-- only what may be in flight unseen after a loss makes k larger, and then no slot is given under a T too low for it,
-- until the class has come down.
--
-- State is lost when the hash is absent (flush), was written by another server run (a restart that loads an old
-- snapshot, a promoted replica), or lies in the future (the clock stepped back).

local estado, voo = KEYS[1], KEYS[2]
local operacao, teto = ARGV[1], tonumber(ARGV[2])

local S, G = 1000000, 10000
local PULSO = 2 * S              -- a token whose owner was silent for this long is reclaimed
local PRESO = S                  -- a token this old serves nobody: more room is needed beside it
local C_MIN, C_MAX = 2, 10
local C_INICIAL = 3             -- enough until the first latencies are known, when nothing is in flight unseen
local SUBIDA_DO_FREIO = 3 * S    -- after a throttle the pace regains 1/s in this time
local VALIDADE = 86400000        -- ms; idle longer is a new birth
local CAMPOS = { 'servidor', 'nascido', 'certeza', 'ultimo', 'c', 'k', 'sobe', 'desde',
                 'latencia', 'freio', 'freado', 'esgotado' }

local relogio = redis.call('TIME')
local agora = relogio[1] * S + relogio[2]
local servidor = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')

local function carregar()
  local v = redis.call('HMGET', estado, unpack(CAMPOS))
  if v[1] ~= servidor then return nil end
  local e = { servidor = servidor }
  for i = 2, #CAMPOS do e[CAMPOS[i]] = tonumber(v[i]) end
  if e.ultimo > agora + 2 * S then return nil end
  return e
end

local function salvar(e)
  local v = {}
  for _, campo in ipairs(CAMPOS) do
    v[#v + 1] = campo
    v[#v + 1] = e[campo]
  end
  redis.call('HSET', estado, unpack(v))
  redis.call('PEXPIRE', estado, VALIDADE)
end

local function nascer(lease, invisiveis)
  local alto = invisiveis > 0 and C_MAX or C_INICIAL
  local c = math.max(C_MIN, math.min(alto, math.floor((teto - invisiveis) / 7)))
  redis.call('DEL', voo)
  return { servidor = servidor, nascido = agora, certeza = invisiveis > 0 and agora + lease or agora, ultimo = 0,
           c = c, k = c + invisiveis, sobe = 0, desde = 0, latencia = 0, freio = 0, freado = 0, esgotado = 0 }
end

local function ritmo(k)
  return math.max(1, math.ceil((teto - k) * 100 / 101) - 1)
end

-- The pace after feedback: a throttle sets `freio`, which then rises until it no longer binds.
local function ritmo_atual(e)
  if e.freado == 0 then return ritmo(e.k) end  -- never set back: a ceiling that is low for a while is no recovery
  return math.min(ritmo(e.k), e.freio + (agora - e.freado) / SUBIDA_DO_FREIO)
end

local function limite(e)
  if e.sobe > 0 and agora > e.sobe then return e.k end
  return e.c
end

local function em_voo()
  redis.call('ZREMRANGEBYSCORE', voo, '-inf', agora)
  return redis.call('ZCARD', voo)
end

-- Little's law: the smallest C that keeps the pace it allows, `folga` tokens to spare.
local function necessario(e, folga)
  for c = C_MIN, C_MAX - 1 do
    if ritmo(c) * e.latencia / S + folga <= c then return c end
  end
  return C_MAX
end

local function presos()
  local n = 0
  for _, ficha in ipairs(redis.call('ZRANGE', voo, 0, -1)) do
    if string.match(ficha, '^%d+') + PRESO < agora then n = n + 1 end
  end
  return n
end

local function ajustar_concorrencia(e, voando)
  if e.sobe > 0 and agora > e.sobe then e.c, e.sobe = e.k, 0 end
  if e.sobe > 0 then return end
  if e.latencia > 0 and agora >= e.certeza then
    local parados = presos()
    local alto, baixo = necessario(e, 1 + parados), necessario(e, 1.2 + parados)
    if alto > e.k then
      e.c, e.k, e.sobe, e.desde = e.k, alto, math.max(e.ultimo, agora) + G, 0
      return
    elseif alto > e.c then
      e.c, e.desde = alto, 0
    elseif baixo < e.c then
      e.c, e.desde = baixo, 0
    end
  end
  if e.c < e.k and e.desde == 0 and voando <= e.c then e.desde = math.max(agora, e.certeza) end
end

local operacoes = {}

-- ARGV: wanted, lead, lease, requests in flight unseen ('' not counted). Returns now, wait (0 if slots follow),
-- flags (1 depletion begins, 2 state born, 4 no state: count what is unseen and ask again), C, in flight, slots left in the next second, pace * 1000, latency, then the slots.
function operacoes.reservar()
  local quantos, antecedencia, lease = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
  local invisiveis = tonumber(ARGV[6])
  local e, sinais = carregar(), 0
  if not e and not invisiveis then return { agora, 0, 4, 0, 0, 0, 0, 0 } end
  if not e then e, sinais = nascer(lease, math.min(invisiveis, C_MAX)), 2 end
  local voando = em_voo()
  ajustar_concorrencia(e, voando)

  local horizonte = agora + S
  local cedo = math.max(agora + antecedencia, e.nascido + S)
  local vagas = {}
  local passo, vaga
  repeat
    passo = math.ceil(S / ritmo_atual(e))
    vaga = math.max(e.ultimo + passo, cedo)
    if teto < e.k + 2 then vaga = math.max(vaga, (e.desde > 0 and e.desde or horizonte) + S) end
    local cabe = #vagas < quantos and vaga <= horizonte
    if cabe then
      if e.c < e.k and e.sobe == 0 and e.desde > 0 and vaga >= e.desde + S then e.k, e.desde = e.c, 0 end
      vagas[#vagas + 1] = vaga
      e.ultimo = vaga
    end
  until not cabe

  local resta = math.max(0, math.floor((horizonte - vaga) / passo) + 1)
  if #vagas < quantos and e.esgotado == 0 then
    e.esgotado, sinais = 1, sinais + 1
  elseif resta * passo > S / 2 then
    e.esgotado = 0
  end
  salvar(e)
  local espera = #vagas == 0 and vaga - horizonte or 0
  return { agora, espera, sinais, limite(e), voando, resta, math.floor(1000 * S / passo), e.latencia, unpack(vagas) }
end

-- ARGV from `i`: pairs of token ('' keeps it until its lease ends) and latency (0: none measured).
local function devolver(i)
  for p = i, #ARGV, 2 do
    local ficha, latencia = ARGV[p], tonumber(ARGV[p + 1])
    if ficha ~= '' then redis.call('ZREM', voo, ficha) end
    local media = latencia > 0 and tonumber(redis.call('HGET', estado, 'latencia') or nil)
    if media then
      if media > 0 then latencia = media + (latencia - media) / 16 end
      redis.call('HSET', estado, 'latencia', latencia)
    end
  end
end

-- ARGV: slot, token, then the pairs that go back first. 1 entered, 0 all tokens are out, -1 outside [slot, slot + G], -2 the slot's state was lost.
function operacoes.entrar()
  local vaga, ficha = tonumber(ARGV[3]), ARGV[4]
  devolver(5)
  local e = carregar()
  if not e or vaga < e.nascido + S then return -2 end
  if agora < vaga or agora > vaga + G then return -1 end
  if em_voo() >= limite(e) and not redis.call('ZSCORE', voo, ficha) then return 0 end
  redis.call('ZADD', voo, agora + PULSO, ficha)
  redis.call('PEXPIRE', voo, VALIDADE)
  return 1
end

-- ARGV: the same pairs.
function operacoes.sair()
  devolver(3)
  return 1
end

-- ARGV: tokens that their owner still holds. A token from before the birth of this state is put back, so that
-- what was in flight when the state was lost is counted again; a younger one is only prolonged, because its
-- release may have overtaken this pulse.
function operacoes.pulsar()
  local e = carregar()
  for i = 3, #ARGV do
    local conhecida = e and string.match(ARGV[i], '^%d+') + 0 >= e.nascido + S
    if conhecida then
      redis.call('ZADD', voo, 'XX', agora + PULSO, ARGV[i])
    else
      redis.call('ZADD', voo, agora + PULSO, ARGV[i])
    end
  end
  redis.call('PEXPIRE', voo, VALIDADE)
  return 1
end

-- ARGV: factor. All the answers of one burst carry the same news, so one cut per second.
function operacoes.recuar()
  local e = carregar()
  if not e or (e.freado > 0 and agora < e.freado + S) then return 0 end
  e.freio, e.freado = math.max(1, ritmo_atual(e) * tonumber(ARGV[3])), agora
  salvar(e)
  return 1
end

return operacoes[operacao]()
