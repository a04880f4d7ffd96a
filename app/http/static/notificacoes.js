// The sound, to be heard; and the browser's permission, asked for only when somebody clicks.

const $ = (id) => document.getElementById(id);

$("ouvir").addEventListener("click", () => {
  const som = new AudioContext();
  const volume = som.createGain();
  volume.connect(som.destination);
  for (const [quando, altura] of [[0, 880], [0.12, 1175]]) {
    const tom = som.createOscillator();
    tom.frequency.value = altura;
    tom.connect(volume);
    tom.start(som.currentTime + quando);
    tom.stop(som.currentTime + quando + 0.1);
  }
  volume.gain.setValueAtTime(0.15, som.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, som.currentTime + 0.3);
});

function dizer() {
  const estado = "Notification" in window ? Notification.permission : "nenhum";
  $("permissao").textContent = $("permissao").dataset[estado];
  $("permitir").classList.toggle("calado", estado !== "default");
}
$("permitir").addEventListener("click", async () => { await Notification.requestPermission(); dizer(); });
dizer();
