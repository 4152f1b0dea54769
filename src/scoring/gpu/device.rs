use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bytemuck::Pod;
use wgpu::{
    Adapter, Backends, BindGroup, BindGroupDescriptor, BindGroupEntry, Buffer, BufferDescriptor, BufferUsages,
    CommandEncoderDescriptor, ComputePass, ComputePassDescriptor, ComputePipeline, ComputePipelineDescriptor, Device,
    DeviceDescriptor, ErrorFilter, Instance, InstanceDescriptor, InstanceFlags, Limits, MapMode, PowerPreference, Queue,
    RequestAdapterOptions, ShaderModuleDescriptor, ShaderSource,
};

use super::super::ScoreError;

/// Most workgroups along one side of a run.
pub const MOST_WORKGROUPS: usize = 65_535;
/// Words of a kernel's parameters.
const PARAMS: usize = 8;
const WORD: u64 = 4;

/// A GPU with its memory, kernels and errors. Nothing of it panics: whatever goes wrong is told as a [`ScoreError`].
#[derive(Debug)]
pub struct Gpu {
    name: String,
    device: Device,
    queue: Queue,
    /// Why it takes no more work.
    lost: Arc<OnceLock<String>>,
    kernels: Mutex<HashMap<(&'static str, usize), ComputePipeline>>,
}

/// Words in the GPU's memory; given back when dropped, not only when a garbage collector gets to it.
#[derive(Debug)]
pub struct Memory(Buffer);

impl Drop for Memory {
    fn drop(&mut self) {
        self.0.destroy();
    }
}

/// A kernel with the memory that it works on.
#[derive(Debug)]
pub struct Task {
    kernel: ComputePipeline,
    memory: BindGroup,
}

impl Task {
    /// Runs it in `x` times `y` workgroups, after the tasks before it.
    pub fn run(&self, pass: &mut ComputePass<'_>, x: usize, y: usize) {
        pass.set_pipeline(&self.kernel);
        pass.set_bind_group(0, &self.memory, &[]);
        pass.dispatch_workgroups(x as u32, y as u32, 1);
    }
}

impl Gpu {
    /// The fastest by Vulkan, or in a browser by WebGPU.
    pub async fn new() -> Result<Self, ScoreError> {
        let refused = |reason: String| ScoreError::Device { device: "GPU".into(), reason };
        let instance = Instance::new(InstanceDescriptor {
            backends: Backends::VULKAN | Backends::BROWSER_WEBGPU,
            flags: InstanceFlags::empty(),
            ..InstanceDescriptor::new_without_display_handle()
        });
        let fastest = RequestAdapterOptions { power_preference: PowerPreference::HighPerformance, ..Default::default() };
        let adapter = instance.request_adapter(&fastest).await.map_err(|error| refused(error.to_string()))?;
        let own = adapter.limits();
        let required_limits = Limits {
            max_buffer_size: own.max_buffer_size,
            max_storage_buffer_binding_size: own.max_storage_buffer_binding_size,
            ..Limits::default()
        };
        let wanted = DeviceDescriptor { required_limits, ..Default::default() };
        let (device, queue) = adapter.request_device(&wanted).await.map_err(|error| refused(error.to_string()))?;
        let lost = Arc::new(OnceLock::new());
        let by_loss = Arc::clone(&lost);
        device.set_device_lost_callback(move |_, reason| _ = by_loss.set(format!("the device was lost: {reason}")));
        let by_error = Arc::clone(&lost);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| _ = by_error.set(error.to_string())));
        Ok(Gpu { name: name(&adapter, &device), device, queue, lost, kernels: Mutex::default() })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives the device up.
    pub fn destroy(&self) {
        _ = self.lost.set("the device was given up".into());
        self.device.destroy();
    }

    /// Why the device takes no more work.
    pub fn lost(&self) -> Option<&str> {
        self.lost.get().map(String::as_str)
    }

    fn check(&self) -> Result<(), ScoreError> {
        self.lost().map_or(Ok(()), |reason| Err(self.fault(reason)))
    }

    /// An error of this device.
    pub fn fault(&self, reason: impl ToString) -> ScoreError {
        ScoreError::Device { device: self.name.clone(), reason: reason.to_string() }
    }

    /// Does what may fail on the device, and waits for what that says.
    pub async fn watched<T>(&self, work: impl FnOnce() -> Result<T, ScoreError>) -> Result<T, ScoreError> {
        self.check()?;
        let [internal, memory, validation] = [ErrorFilter::Internal, ErrorFilter::OutOfMemory, ErrorFilter::Validation]
            .map(|kind| self.device.push_error_scope(kind));
        let done = work();
        for told in [validation.pop(), memory.pop(), internal.pop()] {
            if let Some(error) = told.await {
                return Err(self.fault(error));
            }
        }
        self.check()?;
        done
    }

    /// Most words of one piece of memory.
    pub fn most_words(&self) -> usize {
        let limits = self.device.limits();
        (limits.max_storage_buffer_binding_size.min(limits.max_buffer_size) / WORD) as usize
    }

    /// So many words of memory, all zero.
    pub fn memory(&self, words: usize) -> Result<Memory, ScoreError> {
        if words > self.most_words() {
            let megabytes = |words: usize| words as u64 * WORD / 1_000_000;
            let (found, most) = (megabytes(words), megabytes(self.most_words()));
            return Err(self.fault(format!("takes {found} MB in one piece, has at most {most} MB")));
        }
        Ok(self.buffer(words, BufferUsages::STORAGE | BufferUsages::COPY_SRC | BufferUsages::COPY_DST))
    }

    /// Memory with these words in it.
    pub fn filled<T: Pod>(&self, content: &[T]) -> Result<Memory, ScoreError> {
        let memory = self.memory(size_of_val(content) / WORD as usize)?;
        self.write(&memory, content);
        Ok(memory)
    }

    /// Memory for the parameters of a kernel.
    pub fn params(&self) -> Memory {
        self.buffer(PARAMS, BufferUsages::UNIFORM | BufferUsages::COPY_DST)
    }

    fn buffer(&self, words: usize, usage: BufferUsages) -> Memory {
        let size = words.max(1) as u64 * WORD;
        Memory(self.device.create_buffer(&BufferDescriptor { label: None, size, usage, mapped_at_creation: false }))
    }

    /// Overwrites the beginning of memory, before the next run.
    pub fn write<T: Pod>(&self, memory: &Memory, content: &[T]) {
        self.queue.write_buffer(&memory.0, 0, bytemuck::cast_slice(content));
    }

    /// A kernel, with memory for the bindings that it uses. `source` is compiled once for each entry and `variant`.
    pub fn task(
        &self,
        (entry, variant): (&'static str, usize),
        source: impl FnOnce() -> String,
        memory: &[(u32, &Memory)],
    ) -> Task {
        let mut kernels = self.kernels.lock().unwrap_or_else(PoisonError::into_inner);
        let kernel = kernels.entry((entry, variant)).or_insert_with(|| {
            let source = ShaderSource::Wgsl(source().into());
            let module = self.device.create_shader_module(ShaderModuleDescriptor { label: Some(entry), source });
            self.device.create_compute_pipeline(&ComputePipelineDescriptor {
                label: Some(entry),
                layout: None,
                module: &module,
                entry_point: Some(entry),
                compilation_options: Default::default(),
                cache: None,
            })
        });
        let entries: Vec<_> = memory
            .iter()
            .map(|(binding, memory)| BindGroupEntry { binding: *binding, resource: memory.0.as_entire_binding() })
            .collect();
        let layout = kernel.get_bind_group_layout(0);
        let memory =
            self.device.create_bind_group(&BindGroupDescriptor { label: Some(entry), layout: &layout, entries: &entries });
        Task { kernel: kernel.clone(), memory }
    }

    /// Runs tasks to their end, and reads the first `words` words of a memory; at least one, as that is how the end is known.
    pub async fn run<T: Pod>(
        &self,
        tasks: impl FnOnce(&mut ComputePass<'_>),
        result: &Memory,
        words: usize,
    ) -> Result<Vec<T>, ScoreError> {
        let size = words.max(1) as u64 * WORD;
        let staging = self
            .watched(|| {
                let staging = self.buffer(words, BufferUsages::MAP_READ | BufferUsages::COPY_DST);
                let mut encoder = self.device.create_command_encoder(&CommandEncoderDescriptor::default());
                tasks(&mut encoder.begin_compute_pass(&ComputePassDescriptor::default()));
                encoder.copy_buffer_to_buffer(&result.0, 0, &staging.0, 0, size);
                self.queue.submit([encoder.finish()]);
                Ok(staging)
            })
            .await?;
        self.map(&staging).await?;
        let view = staging.0.get_mapped_range(..).map_err(|error| self.fault(error))?;
        Ok(bytemuck::pod_collect_to_vec(&view))
    }

    /// Waits until memory can be read, which is when the work before has been done.
    #[cfg(not(target_arch = "wasm32"))]
    async fn map(&self, memory: &Memory) -> Result<(), ScoreError> {
        use std::sync::mpsc::{RecvTimeoutError, channel};
        use std::time::{Duration, Instant};

        /// A portion is made to take some hundredths of a second.
        const LIMIT: Duration = Duration::from_secs(60);

        let (tell, told) = channel();
        let start = Instant::now();
        memory.0.map_async(MapMode::Read, .., move |result| _ = tell.send(result));
        let mut patience = Duration::from_micros(50);
        loop {
            // `Device::poll` would wait as well, but panics when the device is lost meanwhile. A submission looks for what has
            // ended, too, and does not.
            match told.recv_timeout(patience) {
                Ok(result) => return result.map_err(|error| self.fault(error)),
                Err(RecvTimeoutError::Disconnected) => return Err(self.fault("the result was dropped")),
                Err(RecvTimeoutError::Timeout) if start.elapsed() > LIMIT => return Err(self.fault("gives no answer")),
                Err(RecvTimeoutError::Timeout) => {
                    self.watched(|| Ok(_ = self.queue.submit([]))).await?;
                    patience = (patience * 5 / 4).min(Duration::from_millis(5));
                }
            }
        }
    }

    /// Waits until memory can be read, which is when the work before has been done.
    #[cfg(target_arch = "wasm32")]
    async fn map(&self, memory: &Memory) -> Result<(), ScoreError> {
        use js_sys::Promise;
        use wasm_bindgen::JsValue;

        let told = Promise::new(&mut |resolve, reject| {
            memory.0.map_async(MapMode::Read, .., move |result| {
                let _ = match result {
                    Ok(()) => resolve.call0(&JsValue::NULL),
                    Err(_) => reject.call0(&JsValue::NULL),
                };
            });
        });
        let read = wasm_bindgen_futures::JsFuture::from(told).await;
        self.check()?;
        read.map(drop).map_err(|_| self.fault("the result cannot be read"))
    }
}

impl Drop for Gpu {
    fn drop(&mut self) {
        self.device.destroy();
    }
}

/// The name that the driver gives.
#[cfg(not(target_arch = "wasm32"))]
fn name(adapter: &Adapter, _device: &Device) -> String {
    adapter.get_info().name
}

/// The description that the browser gives, or as a rule only maker and architecture.
#[cfg(target_arch = "wasm32")]
fn name(adapter: &Adapter, device: &Device) -> String {
    use js_sys::Reflect;

    let info = device.as_webgpu().and_then(|device| Reflect::get(device, &"adapterInfo".into()).ok());
    let told = |key: &str| Reflect::get(info.as_ref()?, &key.into()).ok()?.as_string().filter(|text| !text.is_empty());
    let parts = [told("vendor"), told("architecture")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let names = [adapter.get_info().name, parts, "WebGPU".into()];
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
}
